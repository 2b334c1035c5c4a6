package io.waybill.devstack.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.launcher.process.Services;
import io.waybill.runtime.config.BadConfigurationException;
import io.waybill.runtime.config.Overrides;
import io.waybill.runtime.config.WaybillConfig;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RouteBucketsTest {
    private static RouteBuckets buckets(Set<String> existing, Set<String> intended, String... ofRoutes) {
        String routes = Stream.of(ofRoutes)
                .map(bucket -> "  from-" + bucket.replaceAll("\\W", "") + ": { source: { bucket: \"" + bucket
                        + "\" } }\n")
                .collect(Collectors.joining());
        WaybillConfig config = WaybillConfig.parse("mine.yaml", """
                kafka: { bootstrap.servers: "127.0.0.1:9092" }
                schema.registry.url: http://127.0.0.1:8081
                routes:
                """ + routes, Overrides.NONE, Services.sections());
        return new RouteBuckets(config.routes().values(), existing, intended);
    }

    @Test
    void shouldNotMakeABucketThatARouteMisspells() {
        var buckets = buckets(Set.of("inbox", "orders"), Set.of(), "inbx", "orders");
        assertThatThrownBy(() -> buckets.requireMeant("mine.yaml"))
                .isInstanceOfSatisfying(BadConfigurationException.class, bad -> assertThat(bad.problems())
                        .containsExactly("mine.yaml: routes.from-inbx.source.bucket: there is no bucket 'inbx', and no"
                                + " route takes files from the bucket 'inbox'; did you mean 'inbox'? If not, start with"
                                + " --bucket inbx"));
    }

    @Test
    void shouldMakeBucketsThatResembleOnlyThoseOfOtherRoutes() {
        var buckets = buckets(Set.of("inbox", "orders-1"), Set.of(), "orders-1", "orders-2", "something-else");
        assertThatCode(() -> buckets.requireMeant("mine.yaml")).doesNotThrowAnyException();
        assertThat(buckets.names()).containsExactly("orders-1", "orders-2", "something-else");
    }

    @Test
    void shouldMakeABucketWhoseNameTheUserGaveTwice() {
        var buckets = buckets(Set.of("inbox"), Set.of("inbox2"), "inbox2");
        assertThatCode(() -> buckets.requireMeant("mine.yaml")).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ab", "10.1.2.3", "ends.", "tenant:bucket"})
    void shouldFindNamesThatTheStoreCannotHaveBeforeItStarts(String name) {
        var buckets = buckets(Set.of("inbox"), Set.of(name), name);
        assertThatThrownBy(() -> buckets.requireMeant("mine.yaml"))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageContaining("the embedded store cannot have a bucket '" + name + "'");
    }
}
