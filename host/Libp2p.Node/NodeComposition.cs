using Libp2p.Hosting;
using Libp2p.Hosting.Plugins;
using Libp2p.Node.Output;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

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
    public static NodeHost Serving(Settings settings, IReadOnlyList<string> listen, Action<ILoggingBuilder> logging) => Build(settings, logging, options =>
    {
        options.IdentityFile ??= settings.IdentityFile;
        options.DataFolder ??= settings.DataFolder;
        if (listen.Count == 0) return;
        options.Listen.Clear();
        foreach (var address in listen) options.Listen.Add(address);
    });

    /// <summary>A host whose node only dials, under an identity of its own: a node cannot dial itself.</summary>
    public static NodeHost Dialing(Settings settings) => Build(settings, LogToErrors, options =>
    {
        options.IdentityFile = options.DataFolder = null;
        options.Listen.Clear();
        options.Listen.Add("");
    });

    /// <summary>Logs as lines on standard error.</summary>
    public static void LogToErrors(ILoggingBuilder logging) => logging.AddProvider(new LateLoggerProvider(ConsoleLog.Open));

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

    /// <summary>A file that is not there is not named: what reads it would be loaded to find that out.</summary>
    private static void Configure(ConfigurationBuilder configuration, Settings settings)
    {
        var file = Path.Combine(settings.DataFolder, "config.json");
        if (File.Exists(file)) AddFile(configuration, file);
        configuration.AddEnvironmentVariables();
    }

    private static void AddFile(ConfigurationBuilder configuration, string file) => configuration.AddJsonFile(file, optional: true);

    private static PluginFolderOptions PluginFolders(Settings settings, IConfiguration configuration)
    {
        var options = PluginFolderOptions.Default(settings.PluginFolders, settings.DataFolder);
        foreach (var hash in configuration.GetSection(AllowedPluginHashes).GetChildren()) options.AllowedHashes.Add(hash.Value ?? "");
        return options;
    }

    private static NodeHost Build(Settings settings, Action<ILoggingBuilder> logging, Action<Libp2pOptions> configure)
    {
        var configuration = ConfigurationOf(settings);
        var services = new ServiceCollection();
        services.AddLibp2p(node => node.AddPluginFolders(PluginFolders(settings, configuration)).Configure(configure));
        services.AddSingleton<IConfiguration>(_ => configuration);
        services.AddLogging(builder =>
        {
            if (configuration.GetSection("Logging") is var section && section.Exists()) AddLevels(builder, section);
            logging(builder);
            builder.AddFilter(null, settings.Verbose ? LogLevel.Debug : LogLevel.Warning);
            builder.AddFilter("Microsoft", settings.Verbose ? LogLevel.Information : LogLevel.Error);
        });
        return new NodeHost(services.BuildServiceProvider());
    }

    private static void AddLevels(ILoggingBuilder builder, IConfiguration section) => builder.AddConfiguration(section);
}
