package io.waybill.lives;

/** Two different names of ours never become one, unless it was said that they do. */
final class NamesStayApart implements Checker {
    private final Truth truth;
    private final World world;

    NamesStayApart(Truth truth, World world) {
        this.truth = truth;
        this.world = world;
    }

    @Override
    public void appeared(String path, Node node, Truth.Known file, Node before, String known) {
        if (before != null
                && !before.origin().partner()
                && known != null
                && !known.equals(path)
                && !said(file, before)) {
            truth.broken(Promise.NAMES_STAY_APART, path + " takes the place of " + known
                    + ", which is another name to us");
        }
    }

    private boolean said(Truth.Known file, Node before) {
        Truth.Known other = truth.of(before.origin().file());
        return file != null
                && other != null
                && !file.version.key().equals(other.version.key())
                && world.state().saidToShare(file.version.key(), other.version.key());
    }
}
