package hoag.galaxy.serve;

import java.util.List;

/**
 * One thing that can be asked: serves it, checks its requests and documents it.
 *
 * @param method GET or POST
 * @param path such as {@code /galaxies/{id}}
 * @param summary one line for the document
 * @param parameters in the address
 * @param body what comes with it
 * @param answer what goes back
 * @param handler does it
 */
record Route(
        String method,
        String path,
        String summary,
        List<Parameter> parameters,
        Body body,
        Answer answer,
        Handler handler) {
    /** Does what is asked. */
    interface Handler {
        Reply handle(Call call);
    }

    /** What comes with a request. */
    sealed interface Body {
        /** Nothing. */
        record None() implements Body {}

        /** JSON of a form. */
        record Json(Form form) implements Body {}

        /** A picture file. */
        record Picture() implements Body {
            static final List<String> TYPES =
                    List.of("image/jpeg", "image/png", "image/fits", "application/fits", "application/octet-stream");
        }
    }

    /** What goes back when all is well. */
    sealed interface Answer {
        /** JSON of a form. */
        record Json(Form form) implements Answer {}

        /** Something else. */
        record File(List<String> types) implements Answer {}
    }

    static Route get(String path, String summary, Form answer, Handler handler, Parameter... parameters) {
        return new Route("GET", path, summary, List.of(parameters), new Body.None(), new Answer.Json(answer), handler);
    }

    static Route file(String path, String summary, List<String> types, Handler handler, Parameter... parameters) {
        return new Route("GET", path, summary, List.of(parameters), new Body.None(), new Answer.File(types), handler);
    }

    static Route post(String path, String summary, Form body, Form answer, Handler handler) {
        return new Route("POST", path, summary, List.of(), new Body.Json(body), new Answer.Json(answer), handler);
    }

    static Route picture(String path, String summary, Form answer, Handler handler) {
        return new Route("POST", path, summary, List.of(), new Body.Picture(), new Answer.Json(answer), handler);
    }

    /** The path's parts, such as {@code galaxies} and {@code {id}}. */
    List<String> segments() {
        return List.of(path.substring(1).split("/"));
    }
}
