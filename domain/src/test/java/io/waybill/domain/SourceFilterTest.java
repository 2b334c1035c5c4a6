package io.waybill.domain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SourceFilterTest {
    @ParameterizedTest
    @CsvSource({
            "invoices/, .csv, outbound, invoices/a.csv, true",
            "invoices/, .csv, outbound, invoices/deep/a.csv, true",
            "invoices/, .csv, outbound, invoices/.csv, true",
            "invoices/, .csv, outbound, invoices/a.CSV, false",
            "invoices/, .csv, outbound, Invoices/a.csv, false",
            "invoices/, .csv, outbound, invoices, false",
            "invoices/, .csv, inbound, invoices/a.csv, false",
            "invoices/, .csv, outbound2, invoices/a.csv, false",
            "'', '', outbound, a, true",
            "'', '', outbound, folder/, false",
            "'', /, outbound, folder/, false",
            "ab, bc, outbound, abc, true",
    })
    void shouldTakeJustTheObjectsOfItsBucketPrefixAndSuffix(
            String prefix, String suffix, String bucket, String key, boolean takes) {
        assertThat(new SourceFilter("outbound", prefix, suffix).takes(bucket, key)).isEqualTo(takes);
    }
}
