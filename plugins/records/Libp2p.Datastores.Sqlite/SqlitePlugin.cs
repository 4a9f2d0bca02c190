using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Libp2p.Datastores.Sqlite;

/// <summary>The datastore in a SQLite file as a plugin. Options: <see cref="SqliteOptions"/>.</summary>
[Plugin("datastore-sqlite", Description = "Keeps values in a SQLite file.")]
public sealed class SqlitePlugin : IPlugin
{
    /// <summary>The name of the plugin.</summary>
    public const string Name = "datastore-sqlite";

    /// <summary>The file in the node's data folder, where no other is named.</summary>
    public const string DefaultFile = "datastore.db";

    /// <inheritdoc/>
    public void ConfigureServices(IServiceCollection own, PluginContext host)
    {
        own.AddOptions<SqliteOptions>().Bind(host.Configuration).ValidateAtStart();
        own.AddSingleton(services =>
        {
            var options = services.GetRequiredService<IOptions<SqliteOptions>>().Value;
            return SqliteDatastore.Open(FileOf(options, host)!, options, host.Runtime, services.GetRequiredService<ILogger<SqliteDatastore>>());
        });
    }

    /// <inheritdoc/>
    public void Export(IServiceProvider own, IPluginExports exports)
    {
        if (FileOf(own.GetRequiredService<IOptions<SqliteOptions>>().Value, own.GetRequiredService<PluginContext>()) is null)
        {
            SqliteLog.NowhereToKeep(own.GetRequiredService<ILogger<SqliteDatastore>>());
            return;
        }

        exports.Add<IDatastore>(own.GetRequiredService<SqliteDatastore>());
    }

    private static string? FileOf(SqliteOptions options, PluginContext host) =>
        host.DataFolder is { } folder ? System.IO.Path.Combine(folder, options.Path ?? DefaultFile) : options.Path;
}
