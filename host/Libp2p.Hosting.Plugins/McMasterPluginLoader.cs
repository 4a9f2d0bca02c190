using System.Reflection;
using System.Runtime.Loader;
using Libp2p.Multiformats;
using McMaster.NETCore.Plugins.Loader;

namespace Libp2p.Hosting.Plugins;

/// <summary>
/// Loads by McMaster.NETCore.Plugins: a load context a plugin, so that two may carry different versions of one dependency. The contracts, and what their signatures mention, come from
/// the host: one type of each of those assemblies is listed, since types are shared by assembly.
/// </summary>
/// <remarks>
/// By the library's builder, not its <c>PluginLoader</c>: that one loads all that the shared assemblies lead to, some sixty assemblies of the runtime, and parses the runtime configuration of plugin
/// and host anew for each plugin, to find probing paths that a drop-in folder does not have. Both together took half of what a node with thirty plugins needs to start.
/// </remarks>
internal sealed class McMasterPluginLoader : IPluginLoader
{
    private static readonly Type[] SharedTypes =
    [
        typeof(Multiaddr),
        typeof(IPlugin),
        typeof(Org.BouncyCastle.Crypto.Digests.Sha256Digest),
        typeof(Microsoft.Extensions.Configuration.IConfiguration),
        typeof(Microsoft.Extensions.Configuration.ConfigurationBinder),
        typeof(Microsoft.Extensions.DependencyInjection.IServiceCollection),
        typeof(Microsoft.Extensions.DependencyInjection.OptionsConfigurationServiceCollectionExtensions),
        typeof(Microsoft.Extensions.Logging.ILogger),
        typeof(Microsoft.Extensions.Options.IOptions<>),
        typeof(Microsoft.Extensions.Primitives.IChangeToken),
    ];

    // What the shared assemblies refer to is shared, too: their signatures mention its types. By name alone, so that nothing is loaded before it is needed.
    private static readonly Lazy<AssemblyName[]> Shared = new(static () =>
    [
        .. SharedTypes.Select(static type => type.Assembly).SelectMany(static assembly => assembly.GetReferencedAssemblies().Prepend(assembly.GetName())).DistinctBy(static name => name.Name),
    ]);

    public Assembly Load(string assemblyPath)
    {
        var builder = new AssemblyLoadContextBuilder();
        builder.SetMainAssemblyPath(assemblyPath);
        builder.SetDefaultContext(AssemblyLoadContext.GetLoadContext(typeof(IPlugin).Assembly)!);
        builder.IsLazyLoaded(true);
        foreach (var name in Shared.Value) builder.PreferDefaultLoadContextAssembly(name);
        return builder.Build().LoadFromAssemblyPath(assemblyPath);
    }

    public LoadedPlugin Start(Assembly assembly, string entryType)
    {
        try
        {
            var type = assembly.GetType(entryType, throwOnError: true)!;
            var entry = Activator.CreateInstance(type)
                as IPlugin ?? throw new TypeLoadException($"{entryType} does not implement this host's {nameof(IPlugin)}");
            return new LoadedPlugin(entry);
        }
        catch (TargetInvocationException e) when (e.InnerException is { } thrown)
        {
            throw new InvalidOperationException($"its constructor threw {thrown.GetType().Name}: {thrown.Message}", thrown);
        }
    }
}
