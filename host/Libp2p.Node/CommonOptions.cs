using System.CommandLine;

namespace Libp2p.Node;

/// <summary>The options that every command knows.</summary>
internal sealed class CommonOptions
{
    public CommonOptions(RootCommand root)
    {
        Json.Recursive = Verbose.Recursive = Data.Recursive = Plugins.Recursive = true;
        root.Options.Add(Json);
        root.Options.Add(Verbose);
        root.Options.Add(Data);
        root.Options.Add(Plugins);
    }

    public Option<bool> Json { get; } = new("--json") { Description = "Print one JSON object a line." };

    public Option<bool> Verbose { get; } = new("--verbose", "-v") { Description = "Log to standard error what the node does." };

    public Option<string> Data { get; } = new("--data")
    {
        Description = "The folder of the node's key and plugins. Default: LIBP2P_DATA, or libp2p in the user's data folder.",
        HelpName = "DIR",
        DefaultValueFactory = _ => DefaultDataFolder,
    };

    public Option<string[]> Plugins { get; } = new("--plugins")
    {
        Description = "A folder of drop-in plugins, looked at before the usual ones. Repeatable.",
        HelpName = "DIR",
        DefaultValueFactory = _ => [],
    };

    private static string DefaultDataFolder
    {
        get
        {
            if (Environment.GetEnvironmentVariable("LIBP2P_DATA") is { Length: > 0 } set) return set;
            var user = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
            return Path.Combine(user.Length > 0 ? user : Path.Combine(Path.GetTempPath(), Environment.UserName), "libp2p");
        }
    }

    public Settings Read(ParseResult result) => new(
        result.GetValue(Json),
        result.GetValue(Verbose),
        Path.GetFullPath(result.GetRequiredValue(Data)),
        result.GetValue(Plugins) ?? []);
}

/// <summary>What the common options said.</summary>
internal sealed record Settings(bool Json, bool Verbose, string DataFolder, IReadOnlyList<string> PluginFolders)
{
    public string IdentityFile => Path.Combine(DataFolder, "identity.key");
}
