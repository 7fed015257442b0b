package dev.tokenkeep.rest.registrations;

/** Examples in the OpenAPI document. */
final class RegistrationExamples {

    static final String ALL = """
            {"items": [
              {"name": "crm", "breaker": "closed", "permits_available": 32, "budget_remaining": 94},
              {"name": "shop", "paused_until": "2031-03-07T10:15:30.112Z", "pause_reason": "invalid_client",
               "breaker": "closed", "permits_available": 32}]}""";

    static final String ONE = """
            {"state": {"name": "crm", "breaker": "closed", "permits_available": 32},
             "settings": [
              {"key": "client-id", "value": "tokenkeep", "source": "configuration"},
              {"key": "client-secret", "source": "configuration"},
              {"key": "provider", "value": "dropbox", "source": "configuration"},
              {"key": "rotation", "value": "none", "source": "provider"},
              {"key": "token-endpoint", "value": "https://api.dropboxapi.com/oauth2/token", "source": "provider"}]}""";

    static final String NEW = """
            {"settings": {"issuer": "https://login.acme.example", "client-id": "tokenkeep",
                          "client-secret": "a secret", "scope": "openid offline_access"}}""";

    static final String REGISTERED = """
            {"settings": {"issuer": "https://login.acme.example", "scope": "openid offline_access"},
             "register_client": {"initial_access_token": "a token", "client_name": "Acme mail"}}""";

    static final String ADDED = """
            {"state": {"name": "acme", "breaker": "closed", "permits_available": 32},
             "settings": [
              {"key": "client-id", "value": "tokenkeep", "source": "api"},
              {"key": "client-secret", "source": "api"},
              {"key": "issuer", "value": "https://login.acme.example", "source": "api"},
              {"key": "rotation", "value": "strict", "source": "default"}]}""";

    private RegistrationExamples() {}
}
