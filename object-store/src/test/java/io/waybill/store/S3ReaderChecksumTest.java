package io.waybill.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a store says that an object's bytes add up to. */
final class S3ReaderChecksumTest extends S3ReaderFixture {
    /** Of "content", by Python's zlib and hashlib, and by the catalogue of CRCs. */
    @ParameterizedTest
    @CsvSource({
            "x-amz-checksum-crc32, /sUwqQ==",
            "x-amz-checksum-sha256, 7XACtDnprIRfIjV9giusFERzD722AW0+yUMil7nsn3M=",
            "x-amz-checksum-sha1, BA8G/XdAkkeNRQd09bowxdp4rMg="
    })
    void shouldReadAnObjectWhoseChecksumIsThatOfTheStore(String header, String checksum) throws Exception {
        body = "content".getBytes(StandardCharsets.US_ASCII);
        headers.put(header, checksum);

        try (InputStream content = reader.open(object(null))) {
            assertThat(content.readAllBytes()).isEqualTo(body);
        }
    }

    @ParameterizedTest
    @CsvSource({
            "x-amz-checksum-crc32, AAAAAA==",
            "x-amz-checksum-crc32c, AAAAAA==",
            "x-amz-checksum-crc64nvme, AAAAAAAAAAA=",
            "x-amz-checksum-sha256, 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
            "x-amz-checksum-sha1, 2jmj7l5rSw0yVb/vlWAYkK/YBwk="
    })
    void shouldFailAReadWhoseBytesAreNotThoseThatAreStored(String header, String checksum) throws Exception {
        body = new byte[100_000];
        body[77_777] = 1;
        headers.put(header, checksum);

        try (InputStream content = reader.open(object(null))) {
            assertThatIOException()
                    .isThrownBy(content::readAllBytes)
                    .withMessageContaining("not what is stored")
                    .withMessageContaining(checksum);
        }
    }

    @ParameterizedTest
    @CsvSource({
            "x-amz-checksum-crc32, AAAAAA==-3, ",
            "x-amz-checksum-sha256, 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=, COMPOSITE",
            "x-amz-checksum-crc32, of another kind, "
    })
    void shouldNotCompareAChecksumThatIsNotOfTheWholeObject(
            String header, String checksum, @Nullable String type) throws Exception {
        body = "content".getBytes(StandardCharsets.US_ASCII);
        headers.put(header, checksum);
        headers.put("x-amz-checksum-type", type);
        headers.values().removeIf(Objects::isNull);

        try (InputStream content = reader.open(object(null))) {
            assertThat(content.readAllBytes()).isEqualTo(body);
        }
    }

    @Test
    void shouldAskNoMoreForChecksumsWhereTheStoreDoesNotKnowThem() throws Exception {
        body = "content".getBytes(StandardCharsets.US_ASCII);
        refusesMode = true;

        for (int i = 0; i < 2; i++) {
            try (InputStream content = reader.open(object(null))) {
                assertThat(content.readAllBytes()).isEqualTo(body);
            }
        }

        assertThat(requests).hasSizeBetween(3, 6);
        assertThat(requests.getLast()).doesNotContain("ENABLED");
    }

    @Test
    void shouldGoOnComparingChecksumsAfterTheStoreWasIllOnce() throws Exception {
        body = "content".getBytes(StandardCharsets.US_ASCII);
        illFor = 1;
        reader.open(object(null)).close();
        headers.put("x-amz-checksum-crc32", "AAAAAA==");

        try (InputStream content = reader.open(object(null))) {
            assertThatIOException().isThrownBy(content::readAllBytes).withMessageContaining("not what is stored");
        }
    }

    @Test
    void shouldAskNoMoreForChecksumsWhereTheStoreCallsThatABadRequestEveryTime() throws Exception {
        illFor = Integer.MAX_VALUE;
        for (int i = 0; i < 10; i++) {
            reader.open(object(null)).close();
        }

        assertThat(requests).hasSizeLessThan(15);
    }

    @Test
    void shouldAddUpAsTheCatalogueOfChecksumsSays() {
        var whole = new Crc64Nvme();
        byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);
        whole.update(digits, 0, digits.length);
        var single = new Crc64Nvme();
        for (byte digit : digits) {
            single.update(digit);
        }

        assertThat(whole.getValue()).isEqualTo(0xAE8B14860A799888L).isEqualTo(single.getValue());
    }
}
