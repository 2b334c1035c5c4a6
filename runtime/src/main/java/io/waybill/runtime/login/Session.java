package io.waybill.runtime.login;

import io.waybill.runtime.access.Principal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * The login of a person, as the cookie and the configuration of this moment say. Immutable.
 *
 * @param principal who it is
 * @param formToken what each form and each request that changes something must repeat
 */
public record Session(Principal principal, String formToken) {
    /** Whether a request repeats the token, in the same time whatever differs. */
    public boolean repeatedBy(@Nullable String sent) {
        return same(formToken, sent);
    }

    /** Compares secrets, in the same time whatever differs. */
    public static boolean same(String expected, @Nullable String sent) {
        return sent != null && MessageDigest.isEqual(
                expected.getBytes(StandardCharsets.UTF_8), sent.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return "Session[principal=" + principal + "]";
    }
}
