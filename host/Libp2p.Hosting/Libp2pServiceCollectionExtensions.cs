using Libp2p.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Embeds libp2p nodes in an application.</summary>
public static class Libp2pServiceCollectionExtensions
{
    /// <summary>
    /// Adds a node: <see cref="Libp2p.INode"/> and <see cref="Libp2pNode"/> as singletons, and a hosted service that starts and stops it. Options are bound from
    /// <c>Libp2p</c> where the application has a configuration.
    /// </summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="compose">Chooses the plugins: <c>b => b.AddTcp().AddNoise().AddYamux()</c>.</param>
    public static IServiceCollection AddLibp2p(this IServiceCollection services, Action<Libp2p.ILibp2pBuilder> compose)
    {
        Register(services, string.Empty, compose);
        services.TryAddSingleton(provider => provider.GetRequiredKeyedService<Libp2pNode>(string.Empty));
        services.TryAddSingleton<Libp2p.INode>(provider => provider.GetRequiredKeyedService<Libp2p.INode>(string.Empty));
        return services;
    }

    /// <summary>Adds one of several nodes as keyed services. Options are bound from <c>Libp2p:Nodes:&lt;name&gt;</c>.</summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="name">The key.</param>
    /// <param name="compose">Chooses the plugins.</param>
    public static IServiceCollection AddKeyedLibp2p(this IServiceCollection services, string name, Action<Libp2p.ILibp2pBuilder> compose)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Register(services, name, compose);
        return services;
    }

    private static void Register(IServiceCollection services, string name, Action<Libp2p.ILibp2pBuilder> compose)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(compose);
        if (services.Any(d => d.IsKeyedService && d.ServiceType == typeof(Libp2pNode) && name.Equals(d.ServiceKey)))
        {
            throw new InvalidOperationException(name.Length == 0
                ? "AddLibp2p was called already. For a second node use AddKeyedLibp2p with a name."
                : $"A node named '{name}' was added already.");
        }

        services.AddLogging();
        Libp2p.OptionsValidationExtensions.ValidateAtStart(services.AddOptions<Libp2pOptions>(name).Configure<IServiceProvider>((options, provider) =>
        {
            var root = provider.GetService<IConfiguration>();
            root?.GetSection(SectionOf(name)).Bind(options);
        }));

        var builder = new Libp2pBuilder(services, name);
        compose(builder);
        services.AddKeyedSingleton(name, (provider, _) => new Libp2pNode(provider, builder, SectionOf(name)));
        services.AddKeyedSingleton<Libp2p.INode>(name, (provider, _) => provider.GetRequiredKeyedService<Libp2pNode>(name).Node);
        services.AddSingleton<IHostedService>(provider => new Libp2pHostedService(provider.GetRequiredKeyedService<Libp2pNode>(name)));
    }

    private static string SectionOf(string name) => name.Length == 0 ? Libp2pOptions.Section : $"{Libp2pOptions.Section}:Nodes:{name}";
}
