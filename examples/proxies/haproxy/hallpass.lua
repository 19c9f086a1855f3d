-- Asks Hallpass about each request before HAProxy passes it on: `http-request lua.hallpass_verify ADDRESS-OF-THE-CHECK`.

-- What the service learns.
local told = {
    "x-hallpass-subject", "x-hallpass-user", "x-hallpass-scopes", "x-hallpass-client", "x-hallpass-credential",
    "x-hallpass-roles", "x-hallpass-email", "remote-user", "remote-groups", "remote-email", "remote-name",
}
-- What the client learns where it is not let in.
local answered = { "www-authenticate", "location", "retry-after", "dpop-nonce", "x-hallpass-reason", "content-type", "cache-control" }

-- A header's values in their order; HAProxy counts from 0.
local function in_order(values)
    local all = {}
    for at = 0, #values do
        all[#all + 1] = values[at]
    end
    return all
end

-- What the visitor asked for, each part once.
local function forwarded(txn)
    return {
        ["x-forwarded-for"] = txn.sf:src(),
        ["x-forwarded-method"] = txn.sf:method(),
        ["x-forwarded-proto"] = txn.f:ssl_fc() == 1 and "https" or "http",
        ["x-forwarded-host"] = txn.sf:req_hdr("host"),
        ["x-forwarded-uri"] = txn.sf:pathq(),
    }
end

local function refuse(txn, status, headers, body)
    local reply = txn:reply({ status = status, body = body })
    for _, name in ipairs(answered) do
        for _, value in ipairs(in_order(headers[name] or {})) do
            reply:add_header(name, value)
        end
    end
    txn:done(reply)
end

core.register_action("hallpass_forward", { "http-req" }, function(txn)
    for name, value in pairs(forwarded(txn)) do
        txn.http:req_set_header(name, value)
    end
end)

core.register_action("hallpass_verify", { "http-req" }, function(txn, check)
    local headers = {}
    for name, values in pairs(txn.http:req_get_headers()) do
        headers[name] = in_order(values)
    end
    -- The body stays here, and the connection is another.
    for _, name in ipairs({
        "host", "content-length", "transfer-encoding", "connection", "keep-alive", "te", "trailer", "upgrade", "expect",
    }) do
        headers[name] = nil
    end
    for name, value in pairs(forwarded(txn)) do
        headers[name] = { value }
    end

    local done, answer = pcall(function()
        return core.httpclient():get({ url = check, headers = headers, timeout = 5000 })
    end)
    -- Whoever can't be asked lets nobody in.
    if not done or not answer or not answer.status or answer.status < 200 then
        return refuse(txn, 503, { ["retry-after"] = { [0] = "1" } }, "")
    end
    if answer.status ~= 200 then
        return refuse(txn, answer.status, answer.headers or {}, answer.body or "")
    end
    for _, name in ipairs(told) do
        local values = answer.headers[name]
        if values and values[0] then
            txn.http:req_set_header(name, values[0])
        end
    end
end, 1)
