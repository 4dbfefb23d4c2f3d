using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Trading.Api;

/// <summary>Where a person with a browser signs in: with name and password, or with a token that is behind <c>#token=</c> in the address,
/// which browsers do not send. What it gives the browser is a cookie that no script reads and no other site sends.</summary>
internal static class SignInPage
{
    /// <summary>Where a person who wanted to see a page signs in, and is led back to it.</summary>
    public static string For(HttpRequest request) => $"/sign-in?next={Uri.EscapeDataString(request.Path + request.QueryString)}";

    public static void MapSignIn(this IEndpointRouteBuilder api)
    {
        api.MapGet("/sign-in", () => TypedResults.Text(Page, "text/html", Encoding.UTF8)).ExcludeFromDescription();
        api.MapGet("/sign-in.js", () => TypedResults.Text(Script, "text/javascript", Encoding.UTF8)).ExcludeFromDescription();
        api.MapPost("/sign-in", SignInAsync).ExcludeFromDescription();
    }

    static async Task<IResult> SignInAsync(HttpContext http, Access access, Authenticator authenticator)
    {
        var (body, problem) = await http.Request.ReadAsync(SignInBody.Shape);
        if (problem is not null) return problem;
        var token = body.Token;
        if (token is null)
        {
            if (body is not { User: { } user, Password: { } password }) return access.Refused(http, null, "Name and password, or a token.");
            var answer = await access.LogInAsync(http, user, password);
            if (answer.Value is not { } pair) return answer;
            token = pair.AccessToken;
        }

        if (await authenticator.IdentifyAsync(http, token) is not { } caller) 
            return access.Refused(http, null, http.Features.Get<AuthorityAway>()?.Detail ?? "The token is no good.");
        http.Response.Cookies.Append(Authenticator.Cookie, token, new()
        {
            HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = http.Request.IsHttps, Path = "/", Expires = caller.ExpiresAt, IsEssential = true,
        });
        return TypedResults.NoContent();
    }

    const string Page = """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Sign in</title>
        <link rel="stylesheet" href="/start.css">
        <script src="/sign-in.js" defer></script>
        </head>
        <body>
        <h1>Trading.Orleans</h1>
        <form id="form">
        <p><label>Name <input name="user" autocomplete="username"></label></p>
        <p><label>Password <input name="password" type="password" autocomplete="current-password"></label></p>
        <p>or <label>Token <input name="token" autocomplete="off"></label></p>
        <p><button>Sign in</button> <output id="said"></output></p>
        </form>
        </body>
        </html>

        """;

    const string Script = """
        const form = document.getElementById('form'), said = document.getElementById('said');
        const fragment = new URLSearchParams(location.hash.slice(1));
        const next = new URL(new URLSearchParams(location.search).get('next') ?? '/', location.origin);
        async function signIn(body) {
          const answer = await fetch('/sign-in', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
          if (answer.ok) location.replace(next.origin === location.origin ? next.pathname + next.search + (fragment.has('token') ? '' : location.hash) : '/');
          else said.textContent = (await answer.json()).detail;
        }
        form.addEventListener('submit', event => {
          event.preventDefault();
          const fields = Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== ''));
          signIn(fields);
        });
        if (fragment.has('token')) {
          history.replaceState(null, '', location.pathname + location.search);
          signIn({ token: fragment.get('token') });
        }

        """;

    sealed class SignInBody
    {
        public string? User { get; private set; }
        public string? Password { get; private set; }
        public string? Token { get; private set; }

        public static readonly Shape<SignInBody> Shape = new Shape<SignInBody>()
            .Optional("user", Kinds.Subject, (body, value) => body.User = value, "The name.")
            .Optional("password", Kinds.Password, (body, value) => body.Password = value, "The password.")
            .Optional("token", Kinds.Text, (body, value) => body.Token = value, "Or an access token.");
    }
}
