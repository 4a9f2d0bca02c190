using Libp2p.Hosting;
using Libp2p.Hosting.Plugins;
using Libp2p.Node.Output;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Libp2p.Node;

/// <summary>How this program composes a node: plugins from drop-in folders, configuration from <c>config.json</c> in the data folder and <c>Libp2p__</c> variables.</summary>
internal static class NodeComposition
{
    /// <summary>The configuration's list of hashes of plugin folders that may be loaded (<see cref="PluginFolderOptions.AllowedHashes"/>).</summary>
    public const string AllowedPluginHashes = $"{Libp2pOptions.Section}:AllowedPluginHashes";

    /// <summary>A host whose node keeps its identity in the data folder and listens.</summary>
    /// <param name="settings">How the program was called.</param>
    /// <param name="listen">Where to listen; none: where the configuration says.</param>
    /// <param name="logging">Says where logs go.</param>
    public static IHost Serving(Settings settings, IReadOnlyList<string> listen, Action<ILoggingBuilder> logging) => Build(settings, logging, options =>
    {
        options.IdentityFile ??= settings.IdentityFile;
        options.DataFolder ??= settings.DataFolder;
        if (listen.Count == 0) return;
        options.Listen.Clear();
        foreach (var address in listen) options.Listen.Add(address);
    });

    /// <summary>A host whose node only dials, under an identity of its own: a node cannot dial itself.</summary>
    public static IHost Dialing(Settings settings) => Build(settings, LogToErrors, options =>
    {
        options.IdentityFile = options.DataFolder = null;
        options.Listen.Clear();
        options.Listen.Add("");
    });

    /// <summary>Logs as lines on standard error.</summary>
    public static void LogToErrors(ILoggingBuilder logging)
    {
        logging.AddConsole(console =>
        {
            console.FormatterName = CleanLogFormatter.FormatterName;
            console.LogToStandardErrorThreshold = LogLevel.Trace;
        }).AddConsoleFormatter<CleanLogFormatter, ConsoleFormatterOptions>();
    }

    /// <summary>Where a node on that data folder keeps its key: what its configuration says, else in the data folder.</summary>
    public static string IdentityFileOf(Settings settings) =>
        ConfigurationOf(settings)[$"{Libp2pOptions.Section}:{nameof(Libp2pOptions.IdentityFile)}"] is { Length: > 0 } set ? Path.GetFullPath(set) : settings.IdentityFile;

    /// <summary>Where a node on that data folder looks for plugins.</summary>
    public static PluginFolderOptions PluginFoldersOf(Settings settings) => PluginFolders(settings, ConfigurationOf(settings));

    private static IConfigurationRoot ConfigurationOf(Settings settings)
    {
        var configuration = new ConfigurationBuilder();
        Configure(configuration, settings);
        return configuration.Build();
    }

    private static void Configure(IConfigurationBuilder configuration, Settings settings) =>
        configuration.AddJsonFile(Path.Combine(settings.DataFolder, "config.json"), optional: true).AddEnvironmentVariables();

    private static PluginFolderOptions PluginFolders(Settings settings, IConfiguration configuration)
    {
        var options = PluginFolderOptions.Default(settings.PluginFolders, settings.DataFolder);
        foreach (var hash in configuration.GetSection(AllowedPluginHashes).GetChildren()) options.AllowedHashes.Add(hash.Value ?? "");
        return options;
    }

    private static IHost Build(Settings settings, Action<ILoggingBuilder> logging, Action<Libp2pOptions> configure)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory, DisableDefaults = true });
        Configure(builder.Configuration, settings);
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
        logging(builder.Logging);
        builder.Logging.AddFilter(null, settings.Verbose ? LogLevel.Debug : LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft", settings.Verbose ? LogLevel.Information : LogLevel.Error);
        builder.Services.Configure<ConsoleLifetimeOptions>(console => console.SuppressStatusMessages = true);
        builder.Services.AddLibp2p(node => node.AddPluginFolders(PluginFolders(settings, builder.Configuration)).Configure(configure));
        return builder.Build();
    }
}
