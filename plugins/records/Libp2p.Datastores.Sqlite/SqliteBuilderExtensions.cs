using Libp2p.Datastores.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Libp2p;

/// <summary>Registration of the datastore in a SQLite file by direct reference.</summary>
public static class SqliteBuilderExtensions
{
    /// <summary>Adds a datastore that lasts: what the node learns of peers is kept there too.</summary>
    /// <param name="builder">The node.</param>
    /// <param name="path">The file, made on the first start. Null: as <see cref="SqliteOptions.Path"/> says.</param>
    /// <param name="configure">Sets options; wins over configuration.</param>
    public static ILibp2pBuilder AddSqliteDatastore(this ILibp2pBuilder builder, string? path = null, Action<SqliteOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddPlugin(SqlitePlugin.Name, static () => new SqlitePlugin(), services =>
        {
            if (path is not null) services.Configure<SqliteOptions>(options => options.Path = path);
            if (configure is not null) services.Configure(configure);
        });
    }
}
