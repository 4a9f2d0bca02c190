using Libp2p.Records;
using Microsoft.Extensions.DependencyInjection;

namespace Libp2p;

/// <summary>Registration of records by direct reference.</summary>
public static class RecordsBuilderExtensions
{
    /// <summary>Adds the record store to the node, with the validators of <c>/pk/</c> and <c>/ipns/</c>.</summary>
    /// <param name="builder">The node.</param>
    /// <param name="configure">Sets options; wins over configuration.</param>
    public static ILibp2pBuilder AddRecords(this ILibp2pBuilder builder, Action<RecordsOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddPlugin(RecordsPlugin.Name, static () => new RecordsPlugin(), configure is null ? null : services => services.Configure(configure));
    }
}
