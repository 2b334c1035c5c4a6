package io.waybill.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FileIdTest {
    private static final RouteName ROUTE = new RouteName("invoices");

    /**
     * Computed apart from this code, in Python: {@code h = hashlib.sha256()}; for each of the four parts, with
     * {@code b = part.encode()}, {@code h.update(struct.pack(">I", len(b)) + b)}; then
     * {@code base64.b32encode(h.digest()).decode().lower()[:26]}.
     */
    @ParameterizedTest
    @CsvSource({
            "invoices/2026/march.csv, v:1, 3zxv54nb7onntgvfpwo5a6be6s",
            "rechnungen/März €.csv, e:abc@1700000000, o3tpyxkmtwcvtign7ht2n7wkpo"
    })
    void shouldGiveTheIdsThatOthersCanCompute(String key, String version, String id) {
        assertThat(FileId.of(ROUTE, "outbound", key, version)).hasToString(id);
    }

    @Test
    void shouldNotLetTheBoundaryBetweenPartsMove() {
        assertThat(FileId.of(ROUTE, "bucket", "akey", "v:1")).isNotEqualTo(FileId.of(ROUTE, "bucketa", "key", "v:1"));
        assertThat(FileId.of(ROUTE, "bucket", "key", "v:1")).isNotEqualTo(FileId.of(ROUTE, "bucket", "keyv", ":1"));
    }

    @Test
    void shouldMakeOneObjectOnTwoRoutesTwoFiles() {
        assertThat(FileId.of(new RouteName("archive"), "bucket", "key", "v:1"))
                .isNotEqualTo(FileId.of(ROUTE, "bucket", "key", "v:1"));
    }

    @Property(tries = 500, seed = "1")
    void shouldHaveTheShapeOfAnIdWhateverTheKey(@ForAll String bucket, @ForAll String key, @ForAll String version) {
        FileId id = FileId.of(ROUTE, bucket, key, version);

        assertThat(new FileId(id.value())).isEqualTo(id);
        assertThat(id).isEqualTo(FileId.of(ROUTE, bucket, key, version));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                    "",
                    "abc",
                    "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
                    "abcdefghijklmnopqrstuvwxy1",
                    "abcdefghijklmnopqrstuvwxyz2",
                    "abcdefghijklmnopqrstuvwxy\n",
                    "../defghijklmnopqrstuvwxyz"
            })
    void shouldRefuseWhatIsNoIdAndShowIt(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> new FileId(text)).withMessageContaining("'" + text + "'");
    }
}
