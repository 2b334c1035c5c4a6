package io.waybill.worker.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.testkit.CaughtWarnings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class DeliveryLogTest extends ItemsFixture {
    @RegisterExtension
    final CaughtWarnings log = CaughtWarnings.withInfo(AttemptReporter.class);

    @Test
    void shouldTellEachDeliveryInOneLine() {
        deliverer.onDeliver = ItemsFixture::delivered;

        handle(record("acme#1", work));

        assertThat(log.lines())
                .containsExactly("A file was delivered fileId=" + work.id() + " destination=acme lane=1 attempt=1.1"
                        + " key=a path=/a bytes=1 seconds=0.0");
    }
}
