using SQLitePCL;

namespace Libp2p.Datastores.Sqlite;

/// <summary>
/// A prepared statement: bound, stepped and reset without an allocation; blobs are read where they lie. One caller at a time. Belongs to its connection, and is disposed before it.
/// </summary>
internal sealed class SqliteStatement(SqliteSession session, string sql) : IDisposable
{
    private sqlite3_stmt? _prepared;

    private sqlite3_stmt Prepared
    {
        get
        {
            if (_prepared is null) session.Check(raw.sqlite3_prepare_v2(session.Handle, sql, out _prepared));
            return _prepared!;
        }
    }

    public SqliteStatement Bind(int index, ReadOnlySpan<byte> blob)
    {
        // No bytes are no null.
        session.Check(blob.IsEmpty ? raw.sqlite3_bind_zeroblob(Prepared, index, 0) : raw.sqlite3_bind_blob(Prepared, index, blob));
        return this;
    }

    public SqliteStatement Bind(int index, long? number)
    {
        session.Check(number is { } value ? raw.sqlite3_bind_int64(Prepared, index, value) : raw.sqlite3_bind_null(Prepared, index));
        return this;
    }

    /// <summary>Whether there is a row, or another one; false ends the statement.</summary>
    public bool Step()
    {
        var code = raw.sqlite3_step(Prepared);
        if (code == raw.SQLITE_ROW) return true;
        if (code != raw.SQLITE_DONE) session.Check(code);
        return false;
    }

    /// <summary>Runs it to its end, and makes it ready for the next time.</summary>
    public void Run()
    {
        try
        {
            while (Step())
            {
            }
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>A blob of the row, as it lies there; valid until the next step.</summary>
    public ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(Prepared, column);

    /// <summary>A number of the row; null: there is none.</summary>
    public long? Number(int column) => raw.sqlite3_column_type(Prepared, column) == raw.SQLITE_NULL ? null : raw.sqlite3_column_int64(Prepared, column);

    /// <summary>Ends it; whatever failed was said when it was stepped.</summary>
    public void Reset()
    {
        if (_prepared is null) return;
        _ = raw.sqlite3_reset(_prepared);
        _ = raw.sqlite3_clear_bindings(_prepared);
    }

    public void Dispose() => _prepared?.Dispose();
}
