using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Libp2p.Records;

/// <summary>
/// Records as a plugin: offers <see cref="IRecordStore"/>, over the node's <see cref="IDatastore"/> where there is one, and the <see cref="IRecordValidator"/>s of <c>/pk/</c> and <c>/ipns/</c>. What other
/// plugins offer as validators counts too. Options: <see cref="RecordsOptions"/>.
/// </summary>
[Plugin(Name, Description = "records: keeps validated records, and validates /pk/ and /ipns/.")]
public sealed class RecordsPlugin : IPlugin
{
    /// <summary>The name of the plugin.</summary>
    public const string Name = "records";

    /// <inheritdoc/>
    public void ConfigureServices(IServiceCollection own, PluginContext host)
    {
        own.AddOptions<RecordsOptions>().Bind(host.Configuration).ValidateAtStart();
        own.AddSingleton(services => new RecordStore(
            // Asked at the first use: a datastore may be offered by a plugin that is loaded later.
            () => host.Node.Find<IDatastore>() is { } datastore ? new DatastoreShelf(datastore) : new MemoryShelf(),
            new RecordValidators(() => host.Node.FindAll<IRecordValidator>()),
            host.Runtime,
            services.GetRequiredService<IOptions<RecordsOptions>>().Value));
    }

    /// <inheritdoc/>
    public void Export(IServiceProvider own, IPluginExports exports)
    {
        foreach (var validator in RecordValidators.Standard) exports.Add(validator);
        exports.Add<IRecordStore>(own.GetRequiredService<RecordStore>());
    }
}
