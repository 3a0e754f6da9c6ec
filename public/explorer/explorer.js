'use strict';

// Starts GraphiQL against this server and adds one panel: a field for the access token and the example operations.
// It is plain script for the browser, without a build step; React and GraphiQL are globals of the files loaded before.
(async () => {
  const h = React.createElement;
  const root = document.getElementById('explorer');
  const examples = await fetch(root.dataset.examples).then((response) => response.json());

  // Kept for this tab of the browser only, so it is gone when the tab closes.
  const tokenStore = {
    get: () => sessionStorage.getItem('mutuality.token') ?? '',
    set: (token) => sessionStorage.setItem('mutuality.token', token),
  };

  /** Adds the token to a request, unless the header editor already says who is asking. */
  function fetchWithToken(url, init) {
    const headers = new Headers(init.headers);
    const token = tokenStore.get().trim();
    if (token !== '' && !headers.has('authorization')) headers.set('authorization', `Bearer ${token}`);
    return fetch(url, { ...init, headers, credentials: 'same-origin' });
  }

  function toTab({ query, variables }) {
    return { query: query.trim() + '\n', variables: variables ? JSON.stringify(variables, null, 2) : '' };
  }

  /** What the address asks for: `?example=2` as the start page links it, or `?query=…&variables=…` to share one. */
  function requestedTab() {
    const parameters = new URLSearchParams(location.search);
    const example = examples[Number(parameters.get('example')) - 1];
    // Taken out of the address, or a reload would open the operation again beside the edited one.
    if (location.search !== '') history.replaceState(null, '', location.pathname);
    if (example) return toTab(example);
    return parameters.has('query')
      ? { query: parameters.get('query'), variables: parameters.get('variables') ?? '' }
      : undefined;
  }

  /**
   * The tabs of a first visit, and the one to show. Later visits find their tabs in the browser's storage.
   *
   * GraphiQL shows the first of the default tabs, but takes its variables from the property only; so both are given.
   */
  function tabsToShow() {
    const requested = requestedTab();
    if (localStorage.getItem('graphiql:tabState') !== null) return { ...requested };

    const firstTabs = examples.slice(0, 3).map(toTab);
    const defaultTabs = requested
      ? [requested, ...firstTabs.filter((tab) => tab.query !== requested.query)]
      : firstTabs;
    return { defaultTabs, ...defaultTabs[0] };
  }

  function TokenField() {
    const [token, setToken] = React.useState(tokenStore.get());
    const keep = (event) => {
      tokenStore.set(event.target.value);
      setToken(event.target.value);
    };
    return h(
      'div',
      null,
      h('h3', null, h('label', { htmlFor: 'token' }, 'Access token')),
      h(
        'p',
        null,
        'Sent as “authorization: Bearer …” with every operation, unless the Headers editor sets another.',
      ),
      h('input', {
        id: 'token',
        type: 'password',
        autoComplete: 'off',
        spellCheck: false,
        value: token,
        onChange: keep,
      }),
    );
  }

  function ExampleList() {
    const editor = GraphiQL.React.useEditorContext({ nonNull: true });
    const open = (example) => {
      const tab = toTab(example);
      editor.addTab();
      // The new tab becomes the active one with the next drawing; only then do the editors belong to it.
      setTimeout(() => {
        editor.queryEditor?.setValue(tab.query);
        editor.variableEditor?.setValue(tab.variables ?? '');
      });
    };
    return h(
      'div',
      null,
      h('h3', null, 'Examples'),
      h(
        'p',
        null,
        'Each opens in a new tab. This browser stores what you type into the editors: give made-up people and passwords here.',
      ),
      h(
        'ol',
        null,
        examples.map((example) =>
          h(
            'li',
            { key: example.title },
            h(
              'button',
              { type: 'button', onClick: () => open(example) },
              example.title,
              example.note && h('small', null, example.note),
            ),
          ),
        ),
      ),
    );
  }

  let isPanelOpened = false;

  function StartIcon() {
    const icon = React.useRef(null);
    // GraphiQL has a property for the panel to begin with, but draws the panel without any width. A click on the
    // panel's own button opens it rightly. On a phone it would hide the editor.
    React.useEffect(() => {
      if (isPanelOpened || innerWidth < 900) return;
      isPanelOpened = true;
      icon.current.closest('button')?.click();
    }, []);
    return h(
      'svg',
      {
        ref: icon,
        viewBox: '0 0 24 24',
        fill: 'none',
        stroke: 'currentColor',
        strokeWidth: 1.5,
        'aria-hidden': true,
      },
      h('path', { d: 'M5 4h14v16l-7-4-7 4z', strokeLinejoin: 'round' }),
    );
  }

  const startPanel = {
    title: 'Start here',
    icon: StartIcon,
    content: () =>
      h(
        'section',
        { className: 'start-panel', 'aria-label': 'Start here' },
        h('div', { className: 'graphiql-doc-explorer-title' }, 'Start here'),
        h(TokenField),
        h(ExampleList),
      ),
  };

  ReactDOM.createRoot(root).render(
    h(
      GraphiQL,
      {
        fetcher: GraphiQL.createFetcher({ url: '/graphql', fetch: fetchWithToken }),
        ...tabsToShow(),
        plugins: [startPanel],
        defaultEditorToolsVisibility: true,
        // The header editor may hold a token, so what it holds is not written to the browser's storage.
        shouldPersistHeaders: false,
      },
      h(GraphiQL.Logo, null, h('a', { href: '/', className: 'explorer-name' }, 'Mutuality')),
    ),
  );
})().catch((error) => {
  document.getElementById('explorer').textContent =
    `The explorer could not start (${error.message}). Reload the page to try again.`;
});
