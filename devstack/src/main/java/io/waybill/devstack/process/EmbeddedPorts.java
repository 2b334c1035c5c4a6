package io.waybill.devstack.process;

/**
 * The ports of the embedded parts. Each listens on 127.0.0.1.
 *
 * @param kafka 0 for any free port; the same holds for all ports
 */
public record EmbeddedPorts(int kafka, int s3, int sftp, int registry, int http) {
    public static final EmbeddedPorts STANDARD = new EmbeddedPorts(9092, 9000, 2022, 8081, 8080);
    public static final EmbeddedPorts ANY = new EmbeddedPorts(0, 0, 0, 0, 0);
}
