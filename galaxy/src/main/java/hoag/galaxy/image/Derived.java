package hoag.galaxy.image;

/** A transform that does something more than another one: planes, size and what must be kept are that one's unless it says otherwise. */
public interface Derived extends Transform {
    /** The transform that this one is made from. */
    Transform base();

    @Override
    default int channels() {
        return base().channels();
    }

    @Override
    default int size() {
        return base().size();
    }

    @Override
    default Bands bands() {
        return base().bands();
    }

    @Override
    default Kept kept() {
        return base().kept();
    }
}
