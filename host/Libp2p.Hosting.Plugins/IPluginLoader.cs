namespace Libp2p.Hosting.Plugins;

/// <summary>Loads a plugin's assembly apart from others, sharing the contracts. The seam behind which the loading library stays.</summary>
internal interface IPluginLoader
{
    /// <summary>Loads the assembly and makes its entry point.</summary>
    LoadedPlugin Load(string assemblyPath, string entryType);
}
