package io.waybill.launcher.s3;

import io.waybill.domain.SourceObject;
import java.util.Optional;

/**
 * An object as the store describes it.
 *
 * @param sha256 of the content, if whoever put it there said so; lower-case hexadecimal
 */
public record StoredObject(SourceObject source, Optional<String> sha256) {
    /**
     * Whether the object surely has this content. An ETag is the MD5 of the content only where the object was put in
     * one piece and the store does not encrypt; where it is not, it equals none.
     */
    public boolean has(Content content) {
        return source.size() == content.size()
                && sha256.map(content.sha256()::equals).orElseGet(() -> source.etag().equals(content.md5()));
    }
}
