package io.waybill.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.runtime.config.BadConfigurationException;
import io.waybill.runtime.service.ExitCode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is told of the failure that stopped a service. */
final class ServiceProcessTest {
    @Test
    void shouldSayOnlyWhichKeyToChangeWhenAServiceFoundItsConfigurationUnfit() {
        var taken = new BadConfigurationException(List.of("worker.id: another process runs with 'a' as well"));

        RuntimeException told = ServiceProcess.toTell(new IllegalStateException("a service stopped: " + taken, taken));

        assertThat(told).hasMessage("worker.id: another process runs with 'a' as well");
        assertThat(ExitCode.of(told).number()).isEqualTo(2);
    }

    @Test
    void shouldSayWhatStoppedAServiceOtherwise() {
        RuntimeException told = ServiceProcess.toTell(new IllegalStateException("broken"));

        assertThat(told).isInstanceOf(ServiceFailureException.class).hasMessageContaining("broken");
        assertThat(ExitCode.of(told)).isEqualTo(ExitCode.FAILED);
    }
}
