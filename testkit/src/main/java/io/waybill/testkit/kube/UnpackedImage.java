package io.waybill.testkit.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.waybill.testkit.kube.pod.Image;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The product's image, as {@code deploy/image/build --unpack} leaves it: an OCI layout and the files of a container. */
public final class UnpackedImage {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private UnpackedImage() {}

    /** @param out where the build wrote */
    public static Image read(Path out) throws IOException {
        JsonNode index = JSON.readTree(out.resolve("oci/index.json").toFile());
        JsonNode manifest = blob(out, index.at("/manifests/0/digest"));
        JsonNode config = blob(out, manifest.at("/config/digest")).path("config");
        var environment = new TreeMap<String, String>();
        for (JsonNode variable : config.path("Env")) {
            String[] parts = variable.asText().split("=", 2);
            environment.put(parts[0], parts[1]);
        }
        int uid = Integer.parseInt(config.path("User").asText().split(":")[0]);
        return new Image(
                out.resolve("root"),
                Map.of(),
                words(config.path("Entrypoint")),
                environment,
                uid,
                config.path("WorkingDir").asText("/"));
    }

    private static JsonNode blob(Path out, JsonNode digest) throws IOException {
        return JSON.readTree(out.resolve("oci/blobs").resolve(digest.asText().replace(':', '/')).toFile());
    }

    private static List<String> words(JsonNode array) {
        var words = new ArrayList<String>();
        array.forEach(word -> words.add(word.asText()));
        return words;
    }
}
