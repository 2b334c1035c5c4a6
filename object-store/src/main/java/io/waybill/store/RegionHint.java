package io.waybill.store;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * Hides a region that is of no use: a blank one, with which the SDK would fail in an unforeseen way, and the region
 * that was already asked. Some stores name the latter in every answer, and the SDK would repeat every request that they
 * refuse.
 */
final class RegionHint implements ExecutionInterceptor {
    /** The header in which a store says where a bucket is. */
    static final String HEADER = "x-amz-bucket-region";

    /** The signer, and the day and region of the signature. */
    private static final Pattern SCOPE = Pattern.compile("Credential=[^,]+/\\d{8}/([^/,]+)/s3/");

    @Override
    public SdkHttpResponse modifyHttpResponse(Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
        SdkHttpResponse answer = context.httpResponse();
        return answer.firstMatchingHeader(HEADER)
                .filter(named -> named.isBlank() || named.equals(asked(context.httpRequest())))
                .isPresent()
                        ? answer.toBuilder().removeHeader(HEADER).build()
                        : answer;
    }

    private static String asked(SdkHttpRequest request) {
        Matcher scope = SCOPE.matcher(request.firstMatchingHeader("Authorization").orElse(""));
        return scope.find() ? scope.group(1) : "";
    }
}
