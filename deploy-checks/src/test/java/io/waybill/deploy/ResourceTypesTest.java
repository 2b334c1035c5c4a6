package io.waybill.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.testkit.npm.RequiresNpm;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The types of operators and clients of Kubernetes have every field that the overlays use. */
@RequiresNpm
final class ResourceTypesTest {
    static List<String> overlays() {
        return Overlays.names();
    }

    /** KEDA's resources have no types in Java: TypeScriptTypesTest has them. */
    @ParameterizedTest
    @MethodSource("overlays")
    void shouldFitTheTypes(String overlay) {
        assertThat(Overlays.manifests(overlay).all())
                .filteredOn(one -> !Tree.text(one.content(), "apiVersion").startsWith("keda.sh/"))
                .hasSizeGreaterThan(20)
                .flatExtracting(ResourceTypes::faults)
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            enableServiceLinks: false  | enableServiceLink: false  | enableServiceLink: no such field
            readOnlyRootFilesystem:    | readOnlyRootFileSystem:   | readOnlyRootFileSystem: no such field
            maxUnavailable: 1          | maxUnavailble: 1          | maxUnavailble: no such field
            policyTypes:               | policyType:               | policyType: no such field
            containerPort: 8080        | containerPort: http       | StatefulSet/waybill-audit-service
            scrapeTimeout:             | scrapeTimeOut:            | scrapeTimeOut: no such field
            apiVersion: policy/v1\\n   | apiVersion: policy/v2\\n  | no type is known for policy/v2
            """)
    void shouldNoticeAMistake(String written, String mistake, String fault) {
        String rendered = Overlays.rendered("production");
        String from = written.replace("\\n", "\n");
        assertThat(rendered).contains(from);

        assertThat(Manifests.of(rendered.replace(from, mistake.replace("\\n", "\n"))).all())
                .filteredOn(one -> !Tree.text(one.content(), "apiVersion").startsWith("keda.sh/"))
                .flatExtracting(ResourceTypes::faults)
                .anySatisfy(one -> assertThat(one).contains(fault));
    }
}
