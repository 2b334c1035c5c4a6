package io.waybill.devstack.servers.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import org.gaul.s3proxy.S3ProxyException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VerifiedBodyTest {
    private static InputStream body(String sent, String signed, long length) throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(signed.getBytes(UTF_8));
        return new VerifiedBody(new ByteArrayInputStream(sent.getBytes(UTF_8)), digest, length);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 4})
    void shouldPassOnWhatWasSigned(long length) throws Exception {
        assertThat(body("body", "body", length).readAllBytes()).asString(UTF_8).isEqualTo("body");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 4})
    void shouldRefuseOtherBytesThanWereSigned(long length) throws Exception {
        try (InputStream body = body("bodY", "body", length)) {
            assertThatThrownBy(body::readAllBytes)
                    .isInstanceOfSatisfying(S3ProxyException.class,
                            refused -> assertThat(refused.awsErrorDetails().errorCode())
                                    .isEqualTo("XAmzContentSHA256Mismatch"));
        }
    }

    @Test
    void shouldRefuseALastByteThatIsReadAlone() throws Exception {
        try (InputStream body = body("xy", "x!", 2)) {
            assertThat(body.read()).isEqualTo('x');
            assertThatThrownBy(body::read).isInstanceOf(S3ProxyException.class);
        }
    }

    @Test
    void shouldAcceptAnEmptyBody() throws IOException, Exception {
        assertThat(body("", "", 0).read()).isEqualTo(-1);
    }
}
