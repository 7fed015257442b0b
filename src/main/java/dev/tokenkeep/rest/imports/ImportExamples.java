package dev.tokenkeep.rest.imports;

/** The examples of the OpenAPI document. */
final class ImportExamples {

    static final String BODY = """
            {"registration": "crm", "subject": "alice", "token_response": {"refresh_token": "tGzv3JOkF0XG5Qx2TlKWIA"}}
            {"registration": "crm", "subject": "bob", "token_response": {"refresh_token": "8xLOxBtZp8"}}
            """;

    static final String RESPONSE = """
            {"line": 1, "result": "registered", "id": "pV0Yb7cQm1Tt0m3cF2nq8Wc1kQd5xG7a"}
            {"line": 2, "result": "refused", "problem": {"type": "urn:tokenkeep:problem:refresh-token-already-kept", "title": "This refresh token already belongs to another session", "status": 409, "detail": "This refresh token already belongs to a session of another subject"}}
            {"end": "complete", "registered": 1, "known": 0, "refused": 1}
            """;

    private ImportExamples() {}
}
