package io.waybill.benchmarks.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.benchmarks.transfer.Exchange.Order;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ExchangeTest {
    @Test
    void shouldTellTheOtherSideAllOfAnOrder() {
        var order = new Order(
                "", "a bucket", List.of("one.bin", "two.bin"), 2022, "me", Path.of("/key"), "SHA256:x",
                Path.of("/files"),
                4, 16);

        assertThat(Order.parse(order.line())).isEqualTo(order);
    }
}
