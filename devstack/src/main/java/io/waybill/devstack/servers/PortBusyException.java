package io.waybill.devstack.servers;

/** Another program listens on a port that the stack must use. Nothing was started. */
public final class PortBusyException extends StackException {
    private static final long serialVersionUID = 1L;

    private final int port;

    PortBusyException(int port, String purpose, String flag) {
        super("port " + port + " for " + purpose + " is in use; choose another with " + flag);
        this.port = port;
    }

    public int port() {
        return port;
    }
}
