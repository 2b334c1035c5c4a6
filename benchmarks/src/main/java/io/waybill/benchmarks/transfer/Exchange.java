package io.waybill.benchmarks.transfer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a JVM that stays is told what to do: a line in, a line out. A line out begins with {@value #MARK}, so that whatever
 * else a library prints is no answer.
 */
public final class Exchange {
    static final String READY = "ready";
    static final String DONE = "done";
    static final String MARK = "@ ";

    private Exchange() {}

    /** What a JVM that stays does. */
    public interface Sender {
        /** Gets ready for a workload; its time does not count. */
        void prepare(Order order) throws Exception;

        /** Sends what was prepared, and returns when all of it is there. */
        void send() throws Exception;
    }

    /**
     * Where files are and where they go to.
     *
     * @param bucket      a directory, or a bucket of the store at the address
     * @param store       address of an S3 store; empty if the bucket is a directory
     * @param connections most connections at one time
     * @param inFlight    files at one time over one connection
     */
    public record Order(
            String store,
            String bucket,
            List<String> names,
            int port,
            String user,
            Path key,
            String hostKey,
            Path directory,
            int connections,
            int inFlight) {
        private static final String SEPARATOR = "\t";

        String line() {
            return String.join(
                    SEPARATOR,
                    store,
                    bucket,
                    String.valueOf(port),
                    user,
                    key.toString(),
                    hostKey,
                    directory.toString(),
                    String.valueOf(connections),
                    String.valueOf(inFlight),
                    String.join("/", names));
        }

        static Order parse(String line) {
            String[] words = line.split(SEPARATOR, -1);
            return new Order(
                    words[0],
                    words[1],
                    List.of(words[9].split("/")),
                    Integer.parseInt(words[2]),
                    words[3],
                    Path.of(words[4]),
                    words[5],
                    Path.of(words[6]),
                    Integer.parseInt(words[7]),
                    Integer.parseInt(words[8]));
        }
    }

    /** Serves until the input ends: orders and words to go, by turns. */
    public static void serve(Sender sender) throws IOException {
        answer(READY);
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (@Nullable String line = in.readLine(); line != null; line = in.readLine()) {
            answer(outcome(sender, line));
        }
    }

    private static String outcome(Sender sender, String line) {
        try {
            if (line.isEmpty()) {
                sender.send();
                return DONE;
            }
            sender.prepare(Order.parse(line));
            return READY;
        } catch (Exception e) {
            // Whatever a library throws: the other side says who failed, and goes on with the others.
            e.printStackTrace();
            return "failed: " + String.valueOf(e).replace('\n', ' ');
        }
    }

    static void answer(String answer) {
        System.out.println(MARK + answer);
        System.out.flush();
    }
}
