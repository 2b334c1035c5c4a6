package io.waybill.worker.upload;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.RemotePath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a name says by itself: the next owner of an intent may run with another configuration. */
final class StagingNamesTest {
    private static final String UNIQUE = "mfrggzdfmztwq2lkmnxw4zlt2y-1.1.p0-qjpajj-wsc6fhrm";

    @ParameterizedTest
    @CsvSource({
            "'', '', '.withdrawn'",
            "'', .part, .withdrawn.part",
            ".tmp-, '', .withdrawn",
    })
    void shouldFindAWithdrawnFileWhateverTheConfigurationSaysNow(String prefix, String suffix, String end) {
        var staging = new RemotePath("/in/" + prefix + UNIQUE + suffix);
        assertThat(StagingNames.withdrawn(staging).value()).isEqualTo("/in/" + prefix + UNIQUE + end);
    }

    @Test
    void shouldKeepTheSuffixThatKeepsProgramsOffAtTheEnd() {
        var staging = new RemotePath("/in/" + UNIQUE + ".part");
        assertThat(StagingNames.aside(staging).value()).endsWith(".aside.part");
        assertThat(StagingNames.room(staging).value()).endsWith(".room.part");
    }
}
