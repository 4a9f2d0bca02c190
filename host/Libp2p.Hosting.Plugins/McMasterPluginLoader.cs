using System.Reflection;
using Libp2p.Multiformats;
using McMaster.NETCore.Plugins;

namespace Libp2p.Hosting.Plugins;

/// <summary>
/// Loads by McMaster.NETCore.Plugins: a load context a plugin, so that two may carry different versions of one dependency. The contracts, and what their signatures mention, come from
/// the host: one type of each of those assemblies is listed, since types are shared by assembly.
/// </summary>
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

    public LoadedPlugin Load(string assemblyPath, string entryType)
    {
        var loader = PluginLoader.CreateFromAssemblyFile(assemblyPath, isUnloadable: false, SharedTypes);
        try
        {
            var assembly = loader.LoadDefaultAssembly();
            var type = assembly.GetType(entryType, throwOnError: true)!;
            var entry = Activator.CreateInstance(type)
                as IPlugin ?? throw new TypeLoadException($"{entryType} does not implement this host's {nameof(IPlugin)}");
            return new LoadedPlugin(entry, loader);
        }
        catch (TargetInvocationException e) when (e.InnerException is { } thrown)
        {
            loader.Dispose();
            throw new InvalidOperationException($"its constructor threw {thrown.GetType().Name}: {thrown.Message}", thrown);
        }
        catch
        {
            loader.Dispose();
            throw;
        }
    }
}
