package io.waybill.testkit.kube;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UnpackedImageTest {
    @TempDir
    private Path out;

    @Test
    void shouldTakeFromTheLayoutWhatTheImageRuns() throws IOException {
        write("oci/index.json", "{'manifests':[{'digest':'sha256:aa'}]}");
        write("oci/blobs/sha256/aa", "{'config':{'digest':'sha256:bb'},'layers':[]}");
        write("oci/blobs/sha256/bb", """
                {'config':{'User':'10001:10001','WorkingDir':'/var/lib/waybill','Env':['LANG=C.UTF-8','OPTIONS=a=b'],
                 'Entrypoint':['/opt/java/bin/java','@/opt/waybill/java.options']}}""");

        var image = UnpackedImage.read(out);

        assertThat(image.root()).isEqualTo(out.resolve("root"));
        assertThat(image.entrypoint()).isEqualTo(List.of("/opt/java/bin/java", "@/opt/waybill/java.options"));
        assertThat(image.environment()).isEqualTo(Map.of("LANG", "C.UTF-8", "OPTIONS", "a=b"));
        assertThat(image.uid()).isEqualTo(10_001);
        assertThat(image.directory()).isEqualTo("/var/lib/waybill");
    }

    private void write(String path, String json) throws IOException {
        Path file = out.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, json.replace('\'', '"'));
    }
}
