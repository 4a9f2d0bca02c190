using System.Reflection;

namespace Libp2p.Hosting.Plugins;

/// <summary>Loads a plugin's assembly apart from others, sharing the contracts. The seam behind which the loading library stays.</summary>
internal interface IPluginLoader
{
    /// <summary>Loads the assembly, and runs nothing of it. From any thread.</summary>
    Assembly Load(string assemblyPath);

    /// <summary>Makes the entry point of an assembly that was loaded.</summary>
    LoadedPlugin Start(Assembly assembly, string entryType);
}
