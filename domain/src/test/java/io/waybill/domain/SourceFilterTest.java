package io.waybill.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
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

    @ParameterizedTest
    @CsvSource({
            "outbound, invoices/a.csv,    Put,  10,",
            "outbound, invoices/a.csv,    '',   10,",
            "outbound, invoices/a.csv,    Put,    ,",
            "inbound,  invoices/a.csv,    Put,  10, BUCKET",
            "outbound, invoices/,         Put,  10, FOLDER",
            "outbound, orders/a.csv,      Put,  10, PREFIX",
            "outbound, invoices/a.txt,    Copy, 10, SUFFIX",
            "outbound, invoices/a.csv,    Copy, 10, EVENT",
            "outbound, invoices/../a.csv, Put,  10, DOT_PARTS",
            "outbound, invoices/a.csv,    Put,   9, MIN_BYTES",
            "inbound,  orders/,           Copy,  0, BUCKET",
    })
    void shouldNameTheFirstRuleThatSaysNo(
            String bucket, String key, String event, @Nullable Long size, SourceFilter.@Nullable Rule rule) {
        var filter = new SourceFilter("outbound", "invoices/", ".csv", 10, Set.of("Put"), Duration.ZERO);

        assertThat(filter.refusal(
                bucket, key, event, size == null ? OptionalLong.empty() : OptionalLong.of(size)))
                .isEqualTo(Optional.ofNullable(rule));
    }
}
