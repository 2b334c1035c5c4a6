package io.waybill.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LaneTest {
    private static final DestinationName ACME = new DestinationName("acme");

    /** CRC32C of the UTF-8 bytes, computed bit by bit apart from this code: 0xd61b0b32 and 0x212daffa. */
    @ParameterizedTest
    @CsvSource({
            "/incoming/march.csv, 1, 0",
            "/incoming/march.csv, 4, 2",
            "/incoming/march.csv, 64, 50",
            "/incoming/März.csv, 4, 2",
            "/incoming/März.csv, 64, 58"
    })
    void shouldGiveAPathTheSameLaneForever(String path, int lanes, int number) {
        assertThat(Lane.of(ACME, new RemotePath(path), lanes)).isEqualTo(new Lane(ACME, number));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 7, 16, 64})
    void shouldSpreadNumberedNamesOverAllLanes(int lanes) {
        int files = 1000 * lanes;
        int[] found = new int[lanes];
        IntStream.range(0, files)
                .mapToObj(i -> new RemotePath("/incoming/invoice-%06d.csv".formatted(i)))
                .forEach(path -> found[Lane.of(ACME, path, lanes).number()]++);

        assertThat(IntStream.of(found).boxed()).allSatisfy(count -> assertThat(count).isBetween(800, 1200));
    }

    @Test
    void shouldNameItsWorkByDestinationAndNumber() {
        assertThat(new Lane(ACME, 3).key()).isEqualTo("acme#3");
    }

    @Test
    void shouldRefuseWhatIsNoLane() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Lane(ACME, -1))
                .withMessageContaining("was: -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Lane.of(ACME, new RemotePath("/a"), 0))
                .withMessageContaining("was: 0");
    }

    @Test
    void shouldReadItsOwnKeys() {
        var lane = new Lane(new DestinationName("acme.sftp-1"), 12);

        assertThat(Lane.parse(lane.key())).isEqualTo(lane);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "acme", "acme#", "#3", "acme#-1", "acme#x", "ac/me#1"})
    void shouldRefuseKeysThatAreNoLanes(String key) {
        assertThatIllegalArgumentException().isThrownBy(() -> Lane.parse(key)).withMessageContaining("'" + key + "'");
    }
}
