package io.waybill.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.testkit.npm.RequiresNpm;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every pod keeps what the standard "restricted" of Kubernetes asks, and what Waybill asks beyond it. */
@RequiresNpm
final class RestrictedPodsTest {
    private static final String USER = "10001";

    static List<String> overlays() {
        return Overlays.names();
    }

    private static List<String> faults(Manifests manifests) {
        var faults = new ArrayList<String>();
        for (Resource pod : manifests.workloads()) {
            Map<String, Object> spec = pod.map("spec", "template", "spec");
            expect(faults, pod, spec, "true", "securityContext", "runAsNonRoot");
            expect(faults, pod, spec, USER, "securityContext", "runAsUser");
            expect(faults, pod, spec, "RuntimeDefault", "securityContext", "seccompProfile", "type");
            expect(faults, pod, spec, "false", "automountServiceAccountToken");
            expect(faults, pod, spec, "false", "enableServiceLinks");
            for (String outside : List.of("hostNetwork", "hostPID", "hostIPC", "initContainers",
                    "ephemeralContainers")) {
                expect(faults, pod, spec, "", outside);
            }
            expect(faults, pod, spec, "1", "containers", "size");
            Object container = Tree.list(spec, "containers").getFirst();
            expect(faults, pod, container, "false", "securityContext", "allowPrivilegeEscalation");
            expect(faults, pod, container, "true", "securityContext", "readOnlyRootFilesystem");
            expect(faults, pod, container, "[ALL]", "securityContext", "capabilities", "drop");
            expect(faults, pod, container, "", "securityContext", "privileged");
            expect(faults, pod, container, "", "lifecycle");
            if (Tree.text(container, "resources", "requests", "memory").isEmpty()
                    || Tree.text(container, "resources", "requests", "cpu").isEmpty()) {
                faults.add(pod.id() + ": requests nothing");
            }
            if (Tree.text(container, "resources", "limits", "memory").isEmpty()) {
                faults.add(pod.id() + ": has no limit of memory");
            }
            Tree.list(spec, "volumes").stream().filter(volume -> Tree.at(volume, "hostPath").isPresent())
                    .forEach(volume -> faults.add(pod.id() + ": uses the disk of its node"));
        }
        manifests.kind("Namespace")
                .filter(space -> !space.at("metadata", "labels", "pod-security.kubernetes.io/enforce").equals(
                        Optional.of("restricted")))
                .forEach(space -> faults.add(space.id() + ": does not enforce it"));
        return faults;
    }

    private static void expect(List<String> faults, Resource pod, Object root, String value, Object... path) {
        String found = path[path.length - 1].equals("size")
                ? String.valueOf(Tree.list(root, path[0]).size())
                : Tree.text(root, path);
        if (!found.equals(value)) {
            faults.add(pod.id() + ": " + path[path.length - 1] + " is '" + found + "'");
        }
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void shouldBeRestricted(String overlay) {
        assertThat(faults(Overlays.manifests(overlay))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            runAsNonRoot: true              | runAsNonRoot: false             | runAsNonRoot is 'false'
            runAsUser: 10001                | runAsUser: 0                    | runAsUser is '0'
            type: RuntimeDefault            | type: Unconfined                | type is 'Unconfined'
            enableServiceLinks: false       | enableServiceLinks: true        | enableServiceLinks is 'true'
            readOnlyRootFilesystem: true    | readOnlyRootFilesystem: false   | readOnlyRootFilesystem is 'false'
            - ALL                           | - NET_RAW                       | drop is '[NET_RAW]'
            memory: 384Mi                   | ephemeral-storage: 384Mi        | requests nothing
            emptyDir: {}                    | hostPath: {path: /tmp}          | uses the disk of its node
            enforce: restricted             | enforce: baseline               | does not enforce it
            enableServiceLinks: false       | hostNetwork: true               | hostNetwork is 'true'
            """)
    void shouldNoticeAMistake(String written, String mistake, String fault) {
        String rendered = Overlays.rendered("production");
        assertThat(rendered).contains(written);

        assertThat(faults(Manifests.of(rendered.replace(written, mistake))))
                .anySatisfy(one -> assertThat(one).contains(fault));
    }
}
