package io.waybill.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.SourceObject;
import io.waybill.store.ObjectCatalog.Answer.Found;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ContentTest {
    private static final Content ABC = of("abc");

    private static Content of(String text) {
        try {
            return Content.of(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Found stored(String etag, long size, Optional<String> sha256) {
        return new Found(new SourceObject("inbox", "a", null, etag, size, Instant.EPOCH), sha256);
    }

    @Test
    void shouldDigestAsEverybodyDoes() {
        assertThat(ABC.size()).isEqualTo(3);
        assertThat(ABC.md5()).isEqualTo("900150983cd24fb0d6963f7d28e17f72");
        assertThat(ABC.sha256()).isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    @Test
    void shouldKnowAnObjectByTheDigestItsSenderGave() {
        assertThat(stored("parts-2", 3, Optional.of(ABC.sha256())).has(ABC)).isTrue();
        assertThat(stored(ABC.md5(), 3, Optional.of(of("abd").sha256())).has(ABC)).isFalse();
    }

    @Test
    void shouldKnowAnObjectOfOthersByItsEtag() {
        assertThat(stored(ABC.md5(), 3, Optional.empty()).has(ABC)).isTrue();
        assertThat(stored("parts-2", 3, Optional.empty()).has(ABC)).isFalse();
    }

    @Test
    void shouldNotTakeAnotherSizeForTheSame() {
        assertThat(stored(ABC.md5(), 4, Optional.of(ABC.sha256())).has(ABC)).isFalse();
    }
}
