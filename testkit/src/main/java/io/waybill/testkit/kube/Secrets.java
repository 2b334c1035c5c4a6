package io.waybill.testkit.kube;

import io.waybill.testkit.kube.manifest.Manifests;
import io.waybill.testkit.kube.manifest.Resource;
import java.nio.charset.StandardCharsets;

/** What stands in a Secret. */
final class Secrets {
    private Secrets() {}

    static String text(Manifests manifests, String name, String key) {
        Resource secret = manifests.get("Secret", name);
        String plain = secret.texts("/stringData").get(key);
        if (plain != null) {
            return plain;
        }
        String encoded = secret.texts("/data").get(key);
        if (encoded == null) {
            throw new IllegalArgumentException("the Secret " + name + " has no key " + key);
        }
        return new String(Resource.decoded(encoded), StandardCharsets.UTF_8);
    }
}
