using System.Reflection;

namespace Libp2p.Templates.Tests;

/// <summary>
/// Where an author starts: a feed with the packages of this build, a package cache and a template hive with nothing in them. Packs once for all tests; what is not of
/// this build comes from the sources that this machine is configured for.
/// </summary>
public sealed class PackedFeed : IAsyncLifetime
{
    private readonly string _root = Directory.CreateTempSubdirectory("libp2p-templates-").FullName;

    /// <summary>The packages.</summary>
    public string Feed => Path.Combine(_root, "feed");

    /// <summary>Where authors work.</summary>
    public string Work => Path.Combine(_root, "work");

    private string Hive => Path.Combine(_root, "hive");

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Work);
        var solution = Metadata("Solution");
        await DotnetAsync(Path.GetDirectoryName(solution)!, "pack", solution, "--no-build", "-c", Metadata("Configuration"), "-o", Feed, "-v", "q");
        await File.WriteAllTextAsync(Path.Combine(_root, "nuget.config"), $"""
            <configuration>
              <packageSources><add key="this-build" value="{Feed}" /></packageSources>
            </configuration>
            """);
        var package = Directory.GetFiles(Feed, "Libp2p.Templates.*.nupkg").Single();
        await DotnetAsync(Work, "new", "install", package, "--debug:custom-hive", Hive);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_root, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>A new folder.</summary>
    public string NewFolder(string name) => Directory.CreateDirectory(Path.Combine(Work, name)).FullName;

    /// <summary>A new solution of the template.</summary>
    public async Task<string> InstantiateAsync(string name, params string[] more)
    {
        await DotnetAsync(Work, ["new", "libp2p-protocol", "-n", name, "--no-restore", "--debug:custom-hive", Hive, .. more]);
        return Path.Combine(Work, name);
    }

    public Task<string> DotnetAsync(string folder, params string[] arguments) => RunAsync("dotnet", folder, arguments);

    public Task<string> DotnetFailsAsync(string folder, params string[] arguments) =>
        Command.RunAsync("dotnet", folder, Environment(), arguments, succeeds: false);

    public Task<string> RunAsync(string program, string folder, string[] arguments, params (string Name, string Value)[] more) =>
        Command.RunAsync(program, folder, Environment(more), arguments);

    private Dictionary<string, string> Environment(params (string Name, string Value)[] more)
    {
        var environment = new Dictionary<string, string> { ["NUGET_PACKAGES"] = Path.Combine(_root, "packages"), ["LIBP2P_DATA"] = Path.Combine(_root, "data") };
        foreach (var (name, value) in more) environment[name] = value;
        return environment;
    }

    private static string Metadata(string key) =>
        typeof(PackedFeed).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
