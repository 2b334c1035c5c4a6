package io.waybill.sftp;

import io.waybill.domain.TransferException;
import io.waybill.runtime.config.DestinationConfig;
import io.waybill.runtime.config.Secret;
import java.io.IOException;
import java.security.KeyPair;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.sshd.client.auth.UserAuthFactory;
import org.apache.sshd.client.auth.keyboard.UserAuthKeyboardInteractive;
import org.apache.sshd.client.auth.keyboard.UserAuthKeyboardInteractiveFactory;
import org.apache.sshd.client.auth.password.PasswordAuthenticationReporter;
import org.apache.sshd.client.auth.password.UserAuthPasswordFactory;
import org.apache.sshd.client.auth.pubkey.PublicKeyAuthenticationReporter;
import org.apache.sshd.client.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.client.session.ClientUserAuthService;
import org.apache.sshd.client.session.ClientUserAuthServiceFactory;
import org.apache.sshd.common.Service;
import org.apache.sshd.common.ServiceFactory;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.apache.sshd.common.digest.BuiltinDigests;
import org.apache.sshd.common.kex.extension.DefaultClientKexExtensionHandler;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.core.CoreModuleProperties;
import org.jspecify.annotations.Nullable;

/**
 * One login: what it may use, what it has tried, and what the server said. It offers the private key and the password in
 * whatever order the server asks for them. It tries nothing twice: repeats lock accounts. So a password that was refused is
 * not sent again by keyboard-interactive. The network's threads write, any thread reads.
 */
final class Login {
    /** Every way to log in; a session uses those for which the destination has something. */
    static final List<UserAuthFactory> METHODS = List.of(
            UserAuthPublicKeyFactory.INSTANCE, UserAuthPasswordFactory.INSTANCE, new Prompts.Factory());

    static final ServiceFactory SERVICE = new ClientUserAuthServiceFactory() {
        @Override
        public Service create(Session session) throws IOException {
            return new Dialogue(session);
        }
    };

    private static final String PASSWORD = "the configured password";

    /** A shorter password is a part of many words. */
    private static final int SHORTEST_MASKED = 4;

    /** So many banners end a login. A partner's rules for the use of a machine are one. */
    private static final int MOST_BANNERS = 100;

    private final DestinationConfig destination;
    private final Set<String> tried = new LinkedHashSet<>();
    /** The methods that the server offered last. */
    private List<String> offered = List.of();
    /** What the server took, and then asked for more. */
    private final Set<String> taken = new LinkedHashSet<>();
    private Optional<String> latest = Optional.empty();
    private Optional<String> question = Optional.empty();
    private boolean interactive;
    private boolean refused;
    private boolean passwordRefused;
    private boolean passwordExpired;
    private boolean wordless;
    private boolean rsa;
    /** Whether the server told which signatures it knows. */
    private BooleanSupplier toldSignatures = () -> true;
    private Optional<OpenSshCertificate> certificate = Optional.empty();
    private Optional<String> publicKey = Optional.empty();

    Login(DestinationConfig destination) {
        this.destination = destination;
    }

    /**
     * Gives a session what it may use.
     *
     * @throws TransferException AUTHENTICATION if a file cannot be read; nothing was sent then
     */
    void prepare(ClientSession session) throws TransferException {
        var methods = new ArrayList<String>();
        toldSignatures = () -> session.getAttribute(DefaultClientKexExtensionHandler.SERVER_ALGORITHMS) != null;
        if (destination.privateKeyFile().isPresent()) {
            KeyPair pair = KeyFiles.keyPair(
                    destination.privateKeyFile().get(), destination.security().passphrase());
            publicKey = Optional.of(KeyUtils.getFingerPrint(BuiltinDigests.sha256, pair.getPublic()));
            rsa = pair.getPublic() instanceof RSAPublicKey;
            if (destination.security().certificateFile().isPresent()) {
                certificate = Optional.of(
                        KeyFiles.certificate(destination.security().certificateFile().get(), pair));
            }
            // With a certificate only that: a server that wants it would count the bare key as a failed login.
            session.addPublicKeyIdentity(
                    certificate.map(proof -> new KeyPair(proof, pair.getPrivate())).orElse(pair));
            methods.add(UserAuthPublicKeyFactory.NAME);
        }
        destination.password().map(Secret::reveal).ifPresent(password -> {
            session.addPasswordIdentity(password);
            methods.add(UserAuthPasswordFactory.NAME);
            methods.add(UserAuthKeyboardInteractiveFactory.NAME);
        });
        CoreModuleProperties.PREFERRED_AUTHS.set(session, String.join(",", methods));
        session.setPublicKeyAuthenticationReporter(new PublicKeyAuthenticationReporter() {
            @Override
            public void signalAuthenticationAttempt(
                    ClientSession where, String service, KeyPair identity, String signature) {
                attempt(key());
            }
        });
        session.setPasswordAuthenticationReporter(new PasswordAuthenticationReporter() {
            @Override
            public void signalAuthenticationAttempt(
                    ClientSession where, String service, String oldPassword, boolean modified,
                    @Nullable String newPassword) {
                attempt(PASSWORD);
            }
        });
    }

    /** A text without the configured password, which a server that got it may repeat. */
    String masked(String text) {
        return destination.password()
                .map(Secret::reveal)
                .filter(password -> password.length() >= SHORTEST_MASKED)
                .map(password -> text.replace(password, "(secret)"))
                .orElse(text);
    }

    private String key() {
        return certificate.isPresent() ? "the configured certificate" : "the configured private key";
    }

    private synchronized void attempt(String what) {
        tried.add(what);
        latest = Optional.of(what);
        interactive = false;
    }

    private synchronized void answer() {
        attempt(PASSWORD);
        interactive = true;
    }

    private synchronized void failed(List<String> methods, boolean partial) {
        offered = methods;
        if (partial) {
            latest.ifPresent(taken::add);
        } else {
            refused |= latest.isPresent();
            passwordRefused |= latest.equals(Optional.of(PASSWORD));
        }
        latest = Optional.empty();
    }

    /** The server ended the connection. If it has just been sent something, that is a refusal. */
    synchronized void disconnected() {
        if (latest.isPresent()) {
            failed(offered, false);
        }
    }

    /**
     * The connection ended, and nobody gave a reason. Some servers refuse a login in this way.
     *
     * @param doubtful whether there may be another reason
     * @return what happened, if that is no refusal and something had been sent
     */
    synchronized Optional<String> hungUp(boolean doubtful) {
        Optional<String> unanswered = latest;
        if (doubtful) {
            return unanswered.map(sent -> "the connection ended right after the server got " + sent
                    + "; if that happens again, it counts as a refusal");
        }
        wordless = unanswered.isPresent();
        disconnected();
        return Optional.empty();
    }

    /** Whether the server has refused anything that was sent to it. */
    synchronized boolean wasRefused() {
        return refused || passwordExpired;
    }

    /** Why the login failed, and who must act, as the end of a sentence that begins with the destination. */
    synchronized String refusal() {
        String user = "user '" + destination.user() + "'";
        String offers = offered.isEmpty() ? "" : "; the server offers " + String.join(", ", offered);
        if (passwordExpired) {
            return "wants a new password of " + user + ": the configured one has expired. Ask the partner for a new one"
                    + " that does not expire";
        }
        if (question.isPresent()) {
            return "asks " + user + " '" + question.get() + "', which Waybill cannot answer"
                    + (taken.isEmpty() ? "" : ", although it took " + String.join(" and ", taken)) + offers
                    + ". Ask the partner to let this user in without that";
        }
        Set<String> inVain = new LinkedHashSet<>(tried);
        inVain.removeAll(taken);
        if (!inVain.isEmpty()) {
            return (wordless ? "hung up without a word on " : "refused ") + user + " with "
                    + String.join(" and ", inVain)
                    + (taken.isEmpty() ? "" : ", after it took " + String.join(" and ", taken)) + offers
                    + ". Ask the partner whether the account is open and has this "
                    + (inVain.contains(PASSWORD) ? "password" : "key, " + publicKey.orElse("")) + validity()
                    + age(inVain);
        }
        return taken.isEmpty()
                ? "does not let " + user + " in with " + has() + ", so nothing was sent" + offers
                        + ". Ask the partner to allow it, or configure what the server offers"
                : "took " + String.join(" and ", taken) + " of " + user + " and asks for more" + offers
                        + ". Configure that as well: the server wants both a key and a password";
    }

    private String has() {
        var has = new ArrayList<String>();
        destination.privateKeyFile().ifPresent(_ -> has.add(key()));
        destination.password().ifPresent(_ -> has.add(PASSWORD));
        return String.join(" or ", has);
    }

    /** A server that knows the newer signatures of RSA keys mostly tells them (RFC 8308, section 3.1). */
    private String age(Set<String> inVain) {
        return rsa && inVain.contains(key()) && !toldSignatures.getAsBoolean()
                && !destination.security().allowed().contains(KeyPairProvider.SSH_RSA)
                        ? "; an old server may know RSA keys only with SHA-1, which the destination's algorithms.allow:"
                                + " [ssh-rsa] allows"
                        : "";
    }

    private String validity() {
        return certificate.map(proof -> "; the certificate '" + proof.getId() + "' is for " + proof.getPrincipals()
                + (proof.getValidBefore() == OpenSshCertificate.INFINITY
                        ? ""
                        : " until " + Instant.ofEpochSecond(proof.getValidBefore())))
                .orElse("");
    }

    /** Listens to what the server says. */
    private static final class Dialogue extends ClientUserAuthService {
        private final Handshake handshake;
        private final Login login;
        private int banners;

        Dialogue(Session session) {
            super(session);
            handshake = Handshake.of(session);
            login = handshake.login();
        }

        @Override
        public void process(int command, Buffer buffer) throws Exception {
            if (command == SshConstants.SSH_MSG_USERAUTH_BANNER && ++banners > MOST_BANNERS) {
                throw handshake.hangUp("the server sent more than " + MOST_BANNERS + " banners");
            }
            if (command == SshConstants.SSH_MSG_USERAUTH_FAILURE) {
                int start = buffer.rpos();
                String methods = buffer.getString();
                boolean partial = buffer.getBoolean();
                buffer.rpos(start);
                login.failed(
                        methods.isEmpty() ? List.of() : List.of(SftpFailures.clean(methods).split(",")), partial);
            }
            login.noteExpiry(command);
            super.process(command, buffer);
        }
    }

    private synchronized void noteExpiry(int command) {
        // The same number stands for a question of keyboard-interactive.
        if (command == SshConstants.SSH_MSG_USERAUTH_PASSWD_CHANGEREQ && !interactive
                && latest.equals(Optional.of(PASSWORD))) {
            passwordExpired = true;
        }
    }

    /** Answers the first question with the password if it is the only one, and no answer is to be seen. */
    private static final class Prompts extends UserAuthKeyboardInteractive {
        private final Login login;
        private boolean answered;

        Prompts(ClientSession session) {
            login = Handshake.of(session).login();
        }

        private static final class Factory extends UserAuthKeyboardInteractiveFactory {
            @Override
            public UserAuthKeyboardInteractive createUserAuth(ClientSession session) {
                return new Prompts(session);
            }
        }

        @Override
        protected boolean sendAuthDataRequest(ClientSession session, String service) throws Exception {
            return !login.isPasswordRefused() && super.sendAuthDataRequest(session, service);
        }

        @Override
        protected String @Nullable [] getUserResponses(
                String name, String instruction, String language, String[] prompts, boolean[] echo) {
            if (prompts.length == 0) {
                return new String[0];
            }
            Optional<Secret> password = login.destination.password();
            if (prompts.length == 1 && !echo[0] && !answered && password.isPresent()) {
                answered = true;
                login.answer();
                return new String[] {password.get().reveal()};
            }
            login.asked(String.join(" ", prompts));
            return null;
        }
    }

    private synchronized boolean isPasswordRefused() {
        return passwordRefused;
    }

    private synchronized void asked(String prompts) {
        question = Optional.of(SftpFailures.clean(masked(prompts)));
    }
}
