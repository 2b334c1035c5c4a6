package io.waybill.devstack.servers.s3;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gaul.s3proxy.S3ErrorCode;
import org.gaul.s3proxy.S3ProxyException;
import org.gaul.s3proxy.S3ProxyHandler;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.S3Exceptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * Verifies each request, lets S3Proxy answer it, and turns what the store throws into S3's errors.
 *
 * <p>S3Proxy's own front signs the path as it was sent, and keeps each signed body in memory, up to a limit of 128 MiB.
 */
final class S3Servlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private static final Logger LOG = LoggerFactory.getLogger(S3Servlet.class);
    private static final long LARGEST_PUT = 5L << 30; // S3's own limit
    private static final long LARGEST_FORM = 128L << 20;
    private static final int LARGEST_CHUNK = 16 << 20;
    private static final int MOST_SKEW_SECONDS = 900;
    private static final List<String> HEADERS_OF_ERRORS =
            List.of("ETag", "x-amz-delete-marker", "x-amz-version-id", "Allow");

    private final transient RequestSignature signature;
    private final transient Handler handler;

    /** Opens the error answers of its superclass to the servlet. */
    private static final class Handler extends S3ProxyHandler {
        Handler(BlobStore store) {
            super(store, AuthenticationType.NONE, null, null, null, LARGEST_PUT, LARGEST_FORM, LARGEST_CHUNK, true,
                    null, null, MOST_SKEW_SECONDS);
        }

        void answer(
                HttpServletRequest request, HttpServletResponse response, String code, int status, String message)
                throws IOException {
            sendSimpleErrorResponse(request, response, code, status, message, Map.of());
        }

        void answer(HttpServletRequest request, HttpServletResponse response, S3ErrorCode code, String message)
                throws IOException {
            sendSimpleErrorResponse(request, response, code, message, Map.of());
        }
    }

    /** The request with its path in the canonical spelling, which says where a key begins and what it is. */
    private static final class CanonicalRequest extends HttpServletRequestWrapper {
        private final String path;

        CanonicalRequest(HttpServletRequest request) {
            super(request);
            path = CanonicalPath.of(request.getRequestURI());
        }

        @Override
        public String getRequestURI() {
            return path;
        }
    }

    S3Servlet(BlobStore store, RequestSignature signature) {
        this.signature = signature;
        handler = new Handler(store);
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            Optional<byte[]> digest = signature.verify(request);
            var canonical = new CanonicalRequest(request);
            try (InputStream body = request.getInputStream()) {
                InputStream verified = digest.isPresent()
                        ? new VerifiedBody(body, digest.get(), request.getContentLengthLong())
                        : body;
                handler.doHandle(canonical, canonical, response, verified, null);
            }
        } catch (IOException | RuntimeException failure) {
            answer(request, response, failure);
        }
    }

    /** What S3Proxy says by which exception is in its {@code S3ProxyHandlerJetty}. */
    private void answer(HttpServletRequest request, HttpServletResponse response, Exception failure)
            throws IOException {
        Optional<AwsServiceException> refusal = Causes.find(failure, AwsServiceException.class);
        if (response.isCommitted()) {
            throw new IOException("broken off: " + failure.getMessage(), failure);
        } else if (refusal.isPresent()) {
            answer(request, response, refusal.get());
        } else if (DiskSpace.isFull(failure)) {
            answer(request, response, DiskSpace.refusal("the disk is full"));
        } else if (failure instanceof IllegalArgumentException) {
            handler.answer(request, response, S3ErrorCode.INVALID_ARGUMENT, message(failure));
        } else if (failure instanceof UnsupportedOperationException) {
            handler.answer(request, response, S3ErrorCode.NOT_IMPLEMENTED, message(failure));
        } else if (failure instanceof IllegalStateException && message(failure).startsWith("PreconditionFailed")) {
            answer(request, response, S3ErrorCode.PRECONDITION_FAILED);
        } else {
            LOG.atDebug().setCause(failure).addKeyValue("request", request.getMethod()).log("S3 request failed");
            handler.answer(request, response, S3ErrorCode.INTERNAL_ERROR, message(failure));
        }
    }

    private void answer(HttpServletRequest request, HttpServletResponse response, AwsServiceException refusal)
            throws IOException {
        SdkHttpResponse theirs = S3Exceptions.httpResponse(refusal);
        if (theirs != null) {
            HEADERS_OF_ERRORS.forEach(
                    name -> theirs.firstMatchingHeader(name).ifPresent(value -> response.setHeader(name, value)));
        }
        String code = S3Exceptions.errorCode(refusal);
        if (code != null) {
            String message = refusal.awsErrorDetails().errorMessage();
            handler.answer(request, response, code, refusal.statusCode(), message == null ? "" : message);
            return;
        }
        switch (refusal.statusCode()) {
            case 304 -> response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            case 412 -> {
                if (asksForNews(request)) {
                    response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
                } else {
                    answer(request, response, S3ErrorCode.PRECONDITION_FAILED);
                }
            }
            case 416 -> answer(request, response, S3ErrorCode.INVALID_RANGE);
            case 405 -> answer(request, response, S3ErrorCode.METHOD_NOT_ALLOWED);
            case 400, 422 -> answer(request, response, S3ErrorCode.BAD_DIGEST);
            case 403 -> answer(request, response, S3ErrorCode.ACCESS_DENIED);
            default -> response.setStatus(refusal.statusCode());
        }
    }

    /** Whether an unmet condition means that the client already has the object. */
    private static boolean asksForNews(HttpServletRequest request) {
        return (request.getMethod().equals("GET") || request.getMethod().equals("HEAD"))
                && request.getHeader("If-Match") == null
                && request.getHeader("If-Unmodified-Since") == null
                && (request.getHeader("If-None-Match") != null || request.getHeader("If-Modified-Since") != null);
    }

    private void answer(HttpServletRequest request, HttpServletResponse response, S3ErrorCode code)
            throws IOException {
        handler.answer(request, response, code, message(new S3ProxyException(code)));
    }

    private static String message(Exception failure) {
        return String.valueOf(failure.getMessage());
    }
}
