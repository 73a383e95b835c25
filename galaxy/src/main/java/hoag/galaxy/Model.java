package hoag.galaxy;

import hoag.galaxy.data.ImageFolder;
import hoag.galaxy.image.Images;
import hoag.galaxy.image.Picture;
import hoag.galaxy.image.Preprocess;
import hoag.galaxy.learn.GalaxyModel;
import hoag.galaxy.learn.Predictor;
import hoag.galaxy.learn.Task;
import hoag.galaxy.survey.Fingerprint;
import hoag.galaxy.survey.Survey;
import hoag.kernels.Backend;
import hoag.kernels.ConfigException;
import hoag.kernels.DataException;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import nom.tam.fits.BasicHDU;

/**
 * A model in memory that answers for one picture at a time. Any number of threads may call it at once: they share the weights and the compiled
 * program, and each call borrows memory of its own. For many files {@link Predict} is faster, since it decodes ahead and runs them in batches.
 *
 * <pre>{@code
 * try (Model model = Model.load(Path.of("galaxies.safetensors"))) {
 *     Prediction said = model.predict(ImageIO.read(new File("galaxy.png")));
 *     System.out.println(said);
 * }
 * }</pre>
 */
public final class Model implements AutoCloseable {
    private final GalaxyModel model;
    private final Looks looks;
    private final int threads;
    private final Backend backend;
    private final Predictor.Programs programs;

    // Guarded by this model's monitor.
    private final Deque<Passes> idle = new ArrayDeque<>();
    private int lent;
    private boolean closed;

    private Model(GalaxyModel model, Looks looks, Compute compute) {
        this.model = model;
        this.looks = looks.batch(1);
        threads = compute.threads();
        backend = compute.open();
        try {
            programs = Passes.programs(backend, model, this.looks);
        } catch (RuntimeException | Error e) {
            backend.close();
            throw e;
        }
    }

    /**
     * Reads a model that looks once at each picture, on all cores of the CPU.
     *
     * @param file a model that Hoag wrote (safetensors), or ONNX
     * @return to be closed: it holds threads and memory
     * @throws hoag.kernels.FormatException if the file is no such model, is damaged, or a weight is missing or of another shape
     */
    public static Model load(Path file) {
        return load(file, Looks.ONE, Compute.cpu());
    }

    /**
     * Reads a model.
     *
     * @param file a model that Hoag wrote (safetensors), or ONNX
     * @param looks samples, views and seed; the batch plays no part
     * @param compute where, and with how many threads
     * @return to be closed: it holds threads and memory
     * @throws hoag.kernels.FormatException if the file is no such model, is damaged, or a weight is missing or of another shape
     * @throws hoag.kernels.DeviceException if the device cannot run here
     */
    public static Model load(Path file, Looks looks, Compute compute) {
        return of(GalaxyModel.load(file), looks, compute);
    }

    /**
     * The model whose representations a survey holds, with as many views of each picture.
     *
     * @param survey whose representations this model made
     * @param file where it is; null for where it was when the survey was made
     * @param seed of the angles and mirrors of views
     * @param compute where, and with how many threads
     * @return to be closed: it holds threads and memory
     * @throws hoag.kernels.DataException when there is no such file
     * @throws hoag.kernels.ConfigException when it is another model
     */
    public static Model of(Survey survey, Path file, long seed, Compute compute) {
        Path known = file == null ? Path.of(survey.info().modelFile()) : file;
        if (!Files.isRegularFile(known)) {
            throw new DataException(known + ": no such model; give --model with the one that made " + survey);
        }
        if (!Fingerprint.of(known).equals(survey.info().model())) {
            throw new ConfigException(known + ": is not the model that made " + survey + " ("
                    + survey.info().modelFile() + "); representations of two models cannot be compared");
        }
        return load(known, Looks.ONE.tta(survey.info().views()).seed(seed), compute);
    }

    /**
     * A model that is already in memory, such as one just trained.
     *
     * @param model weights and what belongs to them; what is set in them later is seen by later calls
     * @param looks samples, views and seed; the batch plays no part
     * @param compute where, and with how many threads
     * @return to be closed: it holds threads and memory
     * @throws hoag.kernels.DeviceException if the device cannot run here
     */
    public static Model of(GalaxyModel model, Looks looks, Compute compute) {
        return new Model(model, looks, compute);
    }

    /**
     * What the model says of an image; grey or colour, alpha is dropped.
     *
     * @param image of any size; the model's preprocessing reduces or enlarges it
     * @return an answer for each question, with its interval, and the representation
     * @throws hoag.kernels.DataException when it does not have the channels that the model wants
     */
    public Prediction predict(BufferedImage image) {
        return predict(Images.of(image));
    }

    /**
     * What the model says of numbers.
     *
     * @param image (channels, height, width), black 0, white 1
     * @return an answer for each question, with its interval, and the representation
     * @throws hoag.kernels.DataException when it does not have the channels that the model wants, or rows differ in length
     */
    public Prediction predict(float[][][] image) {
        return predict(Images.of(image));
    }

    /**
     * What the model says of an image in an open FITS file; the model carries the stretch from the file's units to brightness.
     *
     * @param image the unit; its BSCALE, BZERO and BLANK count
     * @return an answer for each question, with its interval, and the representation
     * @throws hoag.kernels.DataException when the unit holds no image, or not the planes that the model wants
     */
    public Prediction predict(BasicHDU<?> image) {
        return predict(Images.of(image, model.preprocess().bands()));
    }

    /**
     * What the model says of a file: JPEG, PNG or FITS.
     *
     * @param file its name without ending names the galaxy
     * @return an answer for each question, with its interval, and the representation
     * @throws hoag.kernels.DataException when it cannot be read as a picture, or does not have the channels that the model wants
     */
    public Prediction predict(Path file) {
        return predict(Images.read(file, model.preprocess().bands()), ImageFolder.stem(file));
    }

    /**
     * What the model says of a picture.
     *
     * @param picture bytes, or flux that the model stretches
     * @return an answer for each question, with its interval, and the representation
     * @throws hoag.kernels.DataException when it does not have the channels that the model wants
     */
    public Prediction predict(Picture picture) {
        return predict(picture, "");
    }

    /**
     * The same with the name of the galaxy, on which the angles of further views depend, so that the answer is that of {@link Predict}.
     *
     * @param picture bytes, or flux that the model stretches
     * @param id the galaxy's name
     * @return an answer for each question, with its interval, and the representation
     * @throws hoag.kernels.DataException when it does not have the channels that the model wants
     */
    public Prediction predict(Picture picture, String id) {
        Passes passes = borrow();
        try {
            return passes.look(picture, id);
        } finally {
            giveBack(passes);
        }
    }

    private Passes borrow() {
        synchronized (this) {
            if (closed) {
                throw new IllegalStateException("the model is closed");
            }
            lent++;
            Passes passes = idle.poll();
            if (passes != null) {
                return passes;
            }
        }
        try {
            return new Passes(programs, looks, threads);
        } catch (RuntimeException | Error e) {
            giveBack(null);
            throw e;
        }
    }

    private synchronized void giveBack(Passes passes) {
        lent--;
        if (passes != null) {
            idle.push(passes);
        }
        release();
    }

    /** After closing, the last call that is still at work takes the rest along. */
    private void release() {
        if (closed && lent == 0) {
            idle.forEach(Passes::close);
            idle.clear();
            backend.close();
        }
    }

    /** What it answers. */
    public List<Task> tasks() {
        return model.tasks();
    }

    /** How pictures are prepared for it. */
    public Preprocess preprocess() {
        return model.preprocess();
    }

    /** Weights, provenance and all. */
    public GalaxyModel description() {
        return model;
    }

    /** Gives memory and threads back, once calls that are at work have ended; later calls throw {@link IllegalStateException}. Closing twice is harmless. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            release();
        }
    }
}
