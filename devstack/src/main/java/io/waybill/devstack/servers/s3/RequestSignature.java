package io.waybill.devstack.servers.s3;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.gaul.s3proxy.S3ErrorCode;
import org.gaul.s3proxy.S3ProxyException;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.auth.AwsSignature;
import org.gaul.s3proxy.auth.S3AuthorizationHeader;
import org.jspecify.annotations.Nullable;

/**
 * Verifies the signature (version 4) of a request, in a header or in a presigned address. Safe for several threads.
 *
 * <p>The signature covers the digest of the body, and not the body. So a request is verified before its body is read, and
 * no body is kept in memory.
 */
final class RequestSignature {
    private static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final String ONLY_VERSION_4 = "only signatures of version 4 are accepted; boto3 makes them with"
            + " Config(signature_version='s3v4'), and the aws command after 'aws configure set"
            + " default.s3.signature_version s3v4'";
    private static final String DIGEST_HEADER = "x-amz-content-sha256";
    private static final String DATE_HEADER = "x-amz-date";
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");
    private static final Duration MOST_SKEW = Duration.ofMinutes(15);
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final byte[] NO_BODY = {};

    private final String accessKey;
    private final String secretKey;
    private final InstantSource clock;

    RequestSignature(String accessKey, String secretKey, InstantSource clock) {
        this.accessKey = accessKey;
        this.secretKey = secretKey;
        this.clock = clock;
    }

    /**
     * Returns the digest that the request's body must have; empty if the signature leaves the body out.
     *
     * @throws S3ProxyException as S3 refuses such a request
     */
    Optional<byte[]> verify(HttpServletRequest request) throws IOException {
        if (!hasHeader(request) && request.getParameter("AWSAccessKeyId") != null) {
            throw new S3ProxyException(S3ErrorCode.ACCESS_DENIED, ONLY_VERSION_4);
        }
        boolean presigned = request.getParameter("X-Amz-Algorithm") != null && !hasHeader(request);
        S3AuthorizationHeader claimed = claimed(request, presigned);
        if (claimed.getAuthenticationType() != AuthenticationType.AWS_V4) {
            throw new S3ProxyException(S3ErrorCode.ACCESS_DENIED, ONLY_VERSION_4);
        }
        if (!accessKey.equals(claimed.getIdentity())) {
            throw new S3ProxyException(S3ErrorCode.INVALID_ACCESS_KEY_ID);
        }
        if (!presigned) {
            requireNow(request.getHeader(DATE_HEADER));
        }
        Optional<String> digest = digest(request, presigned);
        requireSame(request, claimed, presigned, digest.orElse(null));
        return digest.map(HexFormat.of()::parseHex);
    }

    private static boolean hasHeader(HttpServletRequest request) {
        String header = request.getHeader("Authorization");
        return header != null && S3AuthorizationHeader.hasAwsScheme(header);
    }

    private static S3AuthorizationHeader claimed(HttpServletRequest request, boolean presigned) {
        String header = presigned ? headerOf(request) : request.getHeader("Authorization");
        if (header == null || !S3AuthorizationHeader.hasAwsScheme(header)) {
            throw new S3ProxyException(S3ErrorCode.ACCESS_DENIED, "the request has no signature, and this store takes"
                    + " none without; a signed form (POST) is no signed request");
        }
        try {
            return new S3AuthorizationHeader(header);
        } catch (IllegalArgumentException e) {
            throw new S3ProxyException(S3ErrorCode.INVALID_ARGUMENT, e);
        }
    }

    /** The header that would say the same as the parameters of a presigned address. */
    private static @Nullable String headerOf(HttpServletRequest request) {
        String credential = request.getParameter("X-Amz-Credential");
        String signedHeaders = request.getParameter("X-Amz-SignedHeaders");
        String signature = request.getParameter("X-Amz-Signature");
        return credential == null || signedHeaders == null || signature == null
                ? null
                : ALGORITHM + " Credential=" + credential + ", SignedHeaders=" + signedHeaders + ", Signature="
                        + signature;
    }

    private void requireNow(@Nullable String date) {
        try {
            Instant signed = date == null ? Instant.EPOCH : DATE.parse(date, Instant::from);
            if (Duration.between(signed, clock.instant()).abs().compareTo(MOST_SKEW) > 0) {
                throw new S3ProxyException(S3ErrorCode.REQUEST_TIME_TOO_SKEWED);
            }
        } catch (DateTimeException e) {
            throw new S3ProxyException(S3ErrorCode.ACCESS_DENIED, "x-amz-date is not a date: " + date, e);
        }
    }

    private static Optional<String> digest(HttpServletRequest request, boolean presigned) {
        String pinned = presigned ? AwsSignature.pinnedPayloadHash(request) : request.getHeader(DIGEST_HEADER);
        if (pinned == null && !presigned) {
            throw new S3ProxyException(
                    S3ErrorCode.INVALID_REQUEST, "Missing required header for this request: " + DIGEST_HEADER);
        }
        return Optional.ofNullable(pinned).filter(value -> DIGEST.matcher(value).matches());
    }

    private void requireSame(
            HttpServletRequest request, S3AuthorizationHeader claimed, boolean presigned, @Nullable String digest)
            throws IOException {
        // Some clients sign the path as they send it.
        String raw = request.getRequestURI();
        for (String path : List.of(CanonicalPath.of(raw), raw)) {
            if (isSigned(request, claimed, path, presigned, digest)
                    || presigned && digest != null && isSigned(request, claimed, path, true, null)) {
                return;
            }
        }
        throw new S3ProxyException(S3ErrorCode.SIGNATURE_DOES_NOT_MATCH);
    }

    private boolean isSigned(
            HttpServletRequest request, S3AuthorizationHeader claimed, String path, boolean presigned,
            @Nullable String digest) throws IOException {
        try {
            String expected = AwsSignature.createAuthorizationSignatureV4(
                    request, claimed, NO_BODY, path, secretKey, presigned, presigned ? digest : null, digest)
                    .signature();
            return MessageDigest.isEqual(bytes(expected), bytes(claimed.getSignature()));
        } catch (GeneralSecurityException e) {
            throw new S3ProxyException(S3ErrorCode.INVALID_ARGUMENT, e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
