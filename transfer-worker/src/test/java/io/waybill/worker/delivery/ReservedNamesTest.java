package io.waybill.worker.delivery;

import static io.waybill.worker.Works.deliver;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.FailureKind;
import io.waybill.domain.RemotePath;
import io.waybill.domain.TransferWork;
import io.waybill.runtime.config.DestinationConfig.Staging;
import io.waybill.runtime.config.DestinationConfig.Staging.Kind;
import io.waybill.worker.upload.ReservedNames;
import io.waybill.worker.upload.StagingNames;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Objects whose keys look like names that Waybill gives and removes. */
final class ReservedNamesTest extends DestinationDeliveryFixture {
    private static final int STATUS = 101;
    private static final int NAME = 104;
    private static final int EOF = 1;
    private static final String STAGED = "a".repeat(26) + "-1.1.p0-tag7-abcdefgh";

    @BeforeEach
    void startWell() {
        start();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".withdrawn", ".probe1"})
    void shouldSendNoFileThatTheCleanerWouldRemove(String mark) throws Exception {
        Files.createDirectory(served.resolve("hk"));

        var failure = failed(deliver(store.put("a", ascii("x")), "/hk/.waybill/" + STAGED + mark));

        assertThat(failure.kind()).isEqualTo(FailureKind.BAD_NAME);
        assertThat(failure.detail()).contains("staging files");
        assertThat(server.requests("open")).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"invoice.p0-tag7-x.csv", "invoice.p0-tag7-abcdefgh.csv", "my-" + "invoice.p0-tag7-abcdefgh"})
    void shouldSendAndNeverRemoveAFileWhoseNameHasOnlyAPartOfThat(String name) throws Exception {
        Files.createDirectories(served.resolve("hk/.waybill"));

        delivered(deliver(store.put("a", ascii("x")), "/hk/.waybill/" + name));
        delivery(server.port()).sweep(LANE, "/hk/.waybill", names -> names);

        assertThat(served.resolve("hk/.waybill/" + name)).hasContent("x");
    }

    @Test
    void shouldRemoveTheOtherRemainsWhereOneCannotBeRemoved() throws Exception {
        Path directory = Files.createDirectories(served.resolve("hk/.waybill"));
        for (int i = 1; i <= 3; i++) {
            Files.createDirectory(directory.resolve(STAGED.replace("-1.1.", "-1." + i + ".")));
            Files.createFile(directory.resolve(STAGED.replace("-1.1.", "-2." + i + ".")));
        }

        int removed = delivery(server.port()).sweep(LANE, "/hk/.waybill", names -> names);

        assertThat(removed).isEqualTo(3);
        assertThat(directory.toFile().list()).hasSize(3).allMatch(name -> name.contains("-1."));
    }

    static Stream<Staging> namings() {
        return Stream.of(
                Staging.DEFAULT, new Staging(Kind.SUFFIX, ".part"), new Staging(Kind.PREFIX, ".tmp-"));
    }

    @ParameterizedTest
    @MethodSource("namings")
    void shouldKnowEveryNameThatIsGiven(Staging staging) {
        TransferWork work = deliver(store.put("a", ascii("x")), "/a");
        var reserved = new ReservedNames(staging);
        RemotePath staged = StagingNames.staging(staging, work, "p12-1x9z-abcd2347");
        RemotePath room = StagingNames.room(staged);
        String suffix = staging.kind() == Kind.SUFFIX ? staging.text() : "";

        List<String> names = List.of(
                staged.name(),
                StagingNames.withdrawn(staged).name(),
                StagingNames.aside(staged).name(),
                room.name(),
                room.name() + ".closed",
                staged.name() + ".probe1" + suffix,
                staged.name() + ".probe7654321" + suffix);

        assertThat(names).allMatch(reserved::has);
        assertThat(names).noneMatch(name -> reserved.has("x" + name) || reserved.has(name + ".csv"));
    }

    @Test
    void shouldSayBeforeAnythingIsSentThatAFileWithTheSuffixHasNoName() {
        var reserved = new ReservedNames(new Staging(Kind.SUFFIX, ".part"));

        assertThat(reserved.fault(new RemotePath("/in/" + STAGED + ".part"))).isPresent();
        assertThat(reserved.fault(new RemotePath("/in/report.part"))).isEmpty();
    }

    /** With a prefix or a suffix, files that are not whole yet lie beside the partner's, of which there may be many. */
    @Test
    void shouldFindRemainsBehindManyNamesOfThePartner() throws Exception {
        Files.createDirectories(served.resolve(".waybill"));
        var asked = new AtomicInteger();
        server.answer("readdir", id -> {
            int batch = asked.getAndIncrement();
            if (batch < 120) {
                return names(id, IntStream.range(0, 100).mapToObj(i -> "partner-" + batch + "-" + i).toList());
            }
            return batch == 120 ? names(id, List.of(STAGED)) : packet(STATUS, id, EOF, 0, 0);
        });
        List<String> found = new ArrayList<>();

        delivery(server.port()).sweep(LANE, "/.waybill", names -> {
            found.addAll(names);
            return List.of();
        });

        assertThat(found).containsExactly(STAGED);
    }

    private static byte[] names(int id, List<String> names) {
        var entries = ByteBuffer.allocate(1 << 16).putInt(names.size());
        for (String name : names) {
            entries.putInt(name.length()).put(ascii(name)).putInt(0).putInt(0);
        }
        return packet(NAME, id, Arrays.copyOf(entries.array(), entries.position()));
    }

    private static byte[] packet(int type, int id, int... numbers) {
        var content = ByteBuffer.allocate(numbers.length * Integer.BYTES);
        IntStream.of(numbers).forEach(content::putInt);
        return packet(type, id, content.array());
    }

    private static byte[] packet(int type, int id, byte[] content) {
        return ByteBuffer.allocate(9 + content.length)
                .putInt(5 + content.length)
                .put((byte) type)
                .putInt(id)
                .put(content)
                .array();
    }
}
