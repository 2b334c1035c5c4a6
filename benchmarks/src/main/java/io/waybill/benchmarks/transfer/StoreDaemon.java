package io.waybill.benchmarks.transfer;

import io.waybill.devstack.servers.EmbeddedS3;
import io.waybill.runtime.config.Secret;
import io.waybill.runtime.config.WaybillConfig.S3Settings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The program that is the S3 store, which announces nothing. Its answer is its address; it ends with its input. */
public final class StoreDaemon {
    private StoreDaemon() {}

    /** Where a store at an address is, and how to get in. */
    static S3Settings settings(String address) {
        return new S3Settings(
                Optional.of(URI.create(address)),
                "us-east-1",
                true,
                Optional.of(Secret.of(EmbeddedS3.ACCESS_KEY)),
                Optional.of(Secret.of(EmbeddedS3.SECRET_KEY)));
    }

    public static void main(String[] arguments) throws IOException {
        try (var store = new EmbeddedS3(
                Path.of(arguments[0]),
                0,
                (_, _) -> CompletableFuture.completedStage(null),
                InstantSource.system())) {
            store.start();
            Exchange.answer(store.endpoint().toString());
            var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            while (in.readLine() != null) {
                Exchange.answer(Exchange.READY);
            }
        }
    }
}
