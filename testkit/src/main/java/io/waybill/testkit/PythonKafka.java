package io.waybill.testkit;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A Python that has the modules of a Kafka client, and of an S3 client. */
public final class PythonKafka {
    private PythonKafka() {}

    /** The system's own, for which the packages are, or the one that is first on the path. */
    public static Optional<String> interpreter() {
        return Stream.concat(Commands.find("python3").map(Path::toString).stream(), Stream.of("python3"))
                .filter(PythonKafka::knowsKafka)
                .findFirst();
    }

    private static boolean knowsKafka(String interpreter) {
        try {
            Commands.run(List.of(interpreter, "-c", "import confluent_kafka, avro, boto3"));
            return true;
        } catch (RuntimeException e) { // it is not there, or a module is missing
            return false;
        }
    }
}
