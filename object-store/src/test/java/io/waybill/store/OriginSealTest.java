package io.waybill.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.waybill.domain.Origin;
import io.waybill.domain.SourceObject;
import io.waybill.runtime.config.Secret;
import io.waybill.store.OriginSeal.Mark;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OriginSealTest {
    private static final Secret OLD = Secret.of("old-old-old-old-old-old-old-old-");
    private static final Secret NEW = Secret.of("new-new-new-new-new-new-new-new-");
    private static final Origin ORIGIN = new Origin("sftp", "acme", "42,1,/out/ü\u0001.csv", "änn");
    private static final SourceObject OBJECT = object("in", "acme/a.csv", 42);

    private final OriginSeal seal = new OriginSeal(List.of(OLD));
    private final Map<String, String> mark = seal.metadata("in", "acme/a.csv", ORIGIN, OptionalLong.of(42));

    private static SourceObject object(String bucket, String key, long size) {
        return new SourceObject(bucket, key, null, "e1", size, Instant.EPOCH);
    }

    @Test
    void shouldReadTheOriginThatItSealed() {
        assertThat(seal.read(OBJECT, mark)).isEqualTo(new Mark.Valid(ORIGIN));
        assertThat(mark.keySet()).allMatch(name -> name.startsWith("waybill-origin-"));
        assertThat(mark.values()).allMatch(value -> value.matches("[A-Za-z0-9_-]+"));
    }

    @Test
    void shouldReadAnOriginWithoutUserAndSize() {
        var origin = new Origin("directory", "u1", "x", null);
        Map<String, String> bare = seal.metadata("in", "k", origin, OptionalLong.empty());

        assertThat(seal.read(object("in", "k", 7), bare)).isEqualTo(new Mark.Valid(origin));
    }

    @Test
    void shouldFitTheLongestOriginIntoTheMetadataOfS3() {
        var longest = new Origin("a".repeat(32), "s".repeat(128), "i".repeat(Origin.LONGEST_IDENTITY), "u".repeat(128));

        Map<String, String> metadata = seal.metadata("in", "k", longest, OptionalLong.of(Long.MAX_VALUE));

        assertThat(metadata.entrySet().stream().mapToInt(one -> one.getKey().length() + one.getValue().length()).sum())
                .isLessThan(2_048 - 100);
    }

    @Test
    void shouldSaySoIfThereIsNoMark() {
        assertThat(seal.read(OBJECT, Map.of("waybill-sha256", "00"))).isEqualTo(new Mark.None());
        assertThat(OriginSeal.NONE.read(OBJECT, Map.of())).isEqualTo(new Mark.None());
    }

    @Test
    void shouldNotBelieveAMarkAtAnotherObject() {
        assertThat(seal.read(object("in", "acme/b.csv", 42), mark)).isInstanceOf(Mark.Disbelieved.class);
        assertThat(seal.read(object("other", "acme/a.csv", 42), mark)).isInstanceOf(Mark.Disbelieved.class);
        assertThat(seal.read(object("in", "acme/a.csv", 43), mark))
                .isEqualTo(new Mark.Disbelieved("it is of 42 bytes, and the object has 43"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"kind", "source", "identity", "user", "size", "seal"})
    void shouldNotBelieveAMarkOfWhichAPartWasChangedOrTakenOff(String part) {
        var changed = new HashMap<>(mark);
        changed.compute("waybill-origin-" + part,
                (_, value) -> value.startsWith("4") ? "1" + value : "b" + value.substring(1));
        var without = new HashMap<>(mark);
        without.remove("waybill-origin-" + part);

        assertThat(seal.read(OBJECT, changed)).isInstanceOf(Mark.Disbelieved.class);
        assertThat(seal.read(OBJECT, without)).isInstanceOf(Mark.Disbelieved.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "%", "=", "AA=A", "\u00e4"})
    void shouldNotFailAtMetadataOfOthers(String value) {
        var hostile = new HashMap<>(mark);
        hostile.replaceAll((_, _) -> value);

        assertThat(seal.read(OBJECT, hostile)).isInstanceOf(Mark.Disbelieved.class);
    }

    @Test
    void shouldVerifyWithBothSecretsWhileOneReplacesTheOther() {
        var both = new OriginSeal(List.of(NEW, OLD));
        var after = new OriginSeal(List.of(NEW));

        assertThat(both.read(OBJECT, mark)).isEqualTo(new Mark.Valid(ORIGIN));
        assertThat(after.read(OBJECT, mark)).isInstanceOf(Mark.Disbelieved.class);
        assertThat(after.read(OBJECT, both.metadata("in", "acme/a.csv", ORIGIN, OptionalLong.of(42))))
                .isEqualTo(new Mark.Valid(ORIGIN));
    }

    @Test
    void shouldNeitherBelieveNorSealWithoutASecret() {
        assertThat(OriginSeal.NONE.read(OBJECT, mark))
                .isEqualTo(new Mark.Disbelieved("sources.originSecret is not given"));
        assertThatIllegalStateException()
                .isThrownBy(() -> OriginSeal.NONE.metadata("in", "k", ORIGIN, OptionalLong.empty()))
                .withMessageContaining("sources.originSecret");
    }
}
