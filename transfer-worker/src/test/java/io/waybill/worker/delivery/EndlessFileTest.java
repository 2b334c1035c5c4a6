package io.waybill.worker.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.worker.upload.Upload;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

/** Files that a server gives back, and that have no end. */
final class EndlessFileTest {
    @Test
    void shouldReadNoFurtherThanWhatWasSent() throws Exception {
        String digest = Upload.digestOf(new ByteArrayInputStream(new byte[1000]), 1000);

        assertThat(Upload.digestOf(new Zeros(), 999)).isEqualTo(digest);
        assertThat(Upload.digestOf(new Zeros(), 1000)).isNotEqualTo(digest);
        assertThat(Upload.digestOf(new ByteArrayInputStream(new byte[0]), 0))
                .isNotEqualTo(Upload.digestOf(new Zeros(), 0));
    }

    private static final class Zeros extends InputStream {
        @Override
        public int read() {
            return 0;
        }

        @Override
        public int read(byte[] bytes, int from, int length) {
            return length;
        }
    }
}
