package dev.tokenkeep.database;

import jakarta.annotation.Priority;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InvocationContext;

/** Asks the guard before the database. Runs outside the transaction, which would begin and roll back for nothing. */
@AsksDatabase
@Interceptor
@Priority(Interceptor.Priority.PLATFORM_BEFORE)
class DatabaseInterceptor {

    private final DatabaseGuard guard;

    DatabaseInterceptor(DatabaseGuard guard) {
        this.guard = guard;
    }

    @AroundInvoke
    Object ask(InvocationContext call) throws Exception {
        guard.require();
        return call.proceed();
    }
}
