using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Libp2p.Datastores.Sqlite;

/// <summary>A connection to the file and the statements that were prepared on it. One caller at a time.</summary>
internal sealed class SqliteSession : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteStatement> _statements = [];
    private readonly string _path;
    private readonly SqliteOptions _options;

    /// <exception cref="DatastoreException">The file cannot be opened, or is none of SQLite's.</exception>
    public SqliteSession(string path, SqliteOptions options)
    {
        _path = path;
        _options = options;
        var connection = new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWriteCreate, Pooling = false };
        _connection = new SqliteConnection(connection.ConnectionString);
        try
        {
            _connection.Open();
        }
        catch (SqliteException e)
        {
            _connection.Dispose();
            throw SqliteErrors.Of(e.SqliteExtendedErrorCode, e.Message, path, options);
        }

        _ = raw.sqlite3_extended_result_codes(Handle, 1);
        _ = raw.sqlite3_busy_timeout(Handle, (int)options.BusyTimeout.TotalMilliseconds);
    }

    public sqlite3 Handle => _connection.Handle!;

    /// <summary>The statement of a text, prepared on first use.</summary>
    public SqliteStatement this[string sql]
    {
        get
        {
            if (!_statements.TryGetValue(sql, out var statement)) _statements[sql] = statement = new SqliteStatement(this, sql);
            return statement;
        }
    }

    /// <summary>Runs a statement once, without keeping it; returns the first number of its first row, or null.</summary>
    public long? Run(string sql)
    {
        using var statement = new SqliteStatement(this, sql);
        return statement.Step() ? statement.Number(0) : null;
    }

    /// <exception cref="DatastoreException">It is none of success.</exception>
    public void Check(int code)
    {
        if (code != raw.SQLITE_OK) throw SqliteErrors.Of(code, raw.sqlite3_errmsg(Handle).utf8_to_string(), _path, _options);
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values) statement.Dispose();
        _connection.Dispose();
    }
}
