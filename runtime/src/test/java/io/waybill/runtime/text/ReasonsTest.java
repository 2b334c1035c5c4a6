package io.waybill.runtime.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.Texts;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class ReasonsTest {
    @Test
    void shouldSayInWordsWhatJavaSaysInClassNames() {
        assertThat(Reasons.of(new ExecutionException(new ConnectException()))).isEqualTo("connection refused");
        assertThat(Reasons.of(new UnknownHostException("nowhere.example"))).isEqualTo("unknown host nowhere.example");
        assertThat(Reasons.of(new IOException("sending failed", new ClosedChannelException())))
                .isEqualTo("sending failed: the connection was closed");
        assertThat(Reasons.of(new NoSuchFileException("/a"))).isEqualTo("there is no file /a");
        assertThat(Reasons.of(new IllegalStateException())).isEqualTo("illegal state");
        assertThat(Reasons.of(new ExecutionException(new IllegalStateException("no broker")))).isEqualTo("no broker");
    }

    @Test
    void shouldNotShowThePasswordOfAnAddress() {
        assertThat(Reasons.of(new IOException("GET https://ann:hunter2@registry.example/subjects")))
                .isEqualTo("GET https://(secret)@registry.example/subjects");
        assertThat(Texts.masked("a http://x@h/p@q and b")).isEqualTo("a http://(secret)@h/p@q and b");
    }
}
